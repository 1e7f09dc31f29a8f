import { InputError } from '../guards/input-error.js';
import { expectInteger, expectObject, expectOneOf } from '../guards/values.js';
import { expectOptions, type OptionNames } from '../options.js';
import { expectImageArray, type Images } from './images.js';

const CHANNEL_ORDERS = ['rgb', 'bgr'] as const;

/**
 * The map from pixels (0..255) to model inputs: (pixel * scale - mean) / std. It is saved with a model, because inputs on
 * another scale give wrong predictions without an error. `PIXEL_SCALINGS` lists the usual ones by name.
 */
export interface Preprocessing {
  /** The factor of pixels, such as 1/255. */
  readonly scale: number;
  /** One value per channel, or one for all channels. */
  readonly mean: readonly number[];
  /** One value per channel, or one for all channels; above 0. */
  readonly std: readonly number[];
  /**
   * The order of the color channels that the model reads; default 'rgb', that of images. 'bgr' swaps red and blue of images of 3
   * channels before the rest: `mean` and `std` are then those of blue, green and red.
   */
  readonly channelOrder?: (typeof CHANNEL_ORDERS)[number];
}

/** Pixels to [0, 1]: the default everywhere. */
export const UNIT_RANGE: Preprocessing = { scale: 1 / 255, mean: [0], std: [1] };

/** Pixels unchanged: for arrays that already hold model inputs. */
export const IDENTITY: Preprocessing = { scale: 1, mean: [0], std: [1] };

/** Throws an InputError if a preprocessing cannot be applied to images with so many channels. */
export function expectPreprocessing(preprocessing: Preprocessing, channels: number): void {
  expectObject('preprocessing', preprocessing);
  expectInteger('channels', channels, { min: 1 });
  const { scale, mean, std } = preprocessing;
  for (const [name, list] of Object.entries({ mean, std }))
    if (
      !Array.isArray(list) ||
      (list.length !== 1 && list.length !== channels) ||
      !list.every(Number.isFinite)
    )
      throw new InputError(`Expected preprocessing.${name} to be 1 or ${channels} numbers, got ${list}`);
  if (!Number.isFinite(scale))
    throw new InputError(`Expected preprocessing.scale to be a number, got ${scale}`);
  if (std.some((value) => value <= 0))
    throw new InputError(`Expected preprocessing.std to be above 0, got ${std.join(', ')}`);
  const { channelOrder = 'rgb' } = preprocessing;
  expectOneOf('preprocessing.channelOrder', channelOrder, CHANNEL_ORDERS);
  if (channelOrder === 'bgr' && channels !== 3)
    throw new InputError(`Expected images of 3 channels for preprocessing.channelOrder bgr, got ${channels}`);
}

export interface PreprocessOptions {
  /** The position of the first image; default 0. */
  readonly start?: number;
  /** The position after the last image; default all images. */
  readonly end?: number;
}

const PREPROCESS_OPTIONS: OptionNames<PreprocessOptions> = { start: true, end: true };

/**
 * The model inputs of some images: a new Float32Array of (end - start) x height x width x channels values.
 *
 * @throws InputError if the preprocessing does not fit the channels, or an option is out of range.
 */
export function preprocess(
  images: Images,
  preprocessing: Preprocessing = UNIT_RANGE,
  options: PreprocessOptions = {},
): Float32Array {
  expectOptions('preprocess', options, PREPROCESS_OPTIONS);
  expectImageArray('images', images);
  const { pixels, channels, count } = images;
  expectPreprocessing(preprocessing, channels);
  const { start = 0, end = count } = options;
  expectInteger('start', start, { max: count });
  expectInteger('end', end, { min: start, max: count });
  const { scale, mean, std, channelOrder } = preprocessing;
  const size = images.height * images.width * channels;
  const offset = start * size;
  const inputs = new Float32Array((end - start) * size);
  for (let c = 0; c < channels; c++) {
    const center = mean[mean.length === 1 ? 0 : c];
    const deviation = std[std.length === 1 ? 0 : c];
    const source = offset + (channelOrder === 'bgr' ? channels - 1 - 2 * c : 0);
    for (let i = c; i < inputs.length; i += channels)
      inputs[i] = (pixels[source + i] * scale - center) / deviation;
  }
  return inputs;
}
