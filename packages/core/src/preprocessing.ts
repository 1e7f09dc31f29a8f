import { InputError } from './guards.js';
import type { Images } from './images.js';

/**
 * How pixels (0..255) become what a network reads: (pixel * scale - mean) / std, a mean and a std a channel (or one for
 * all). It travels with a saved model, because a network fed on another scale fails without a word.
 */
export interface Preprocessing {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Pixels to [0, 1]: the default everywhere. */
export const UNIT_RANGE: Preprocessing = { scale: 1 / 255, mean: [0], std: [1] };

/** Pixels as they are: for arrays that already hold what the network reads. */
export const IDENTITY: Preprocessing = { scale: 1, mean: [0], std: [1] };

/** Throws an InputError if `preprocessing` cannot be applied to images of that many channels. */
export function expectPreprocessing({ scale, mean, std }: Preprocessing, channels: number): void {
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
}

/**
 * What a network reads of images `start` (included) to `end` (not included): a new Float32Array of
 * (end - start) x height x width x channels.
 */
export function preprocess(
  images: Images,
  preprocessing: Preprocessing = UNIT_RANGE,
  { start = 0, end = images.count } = {},
): Float32Array {
  const { pixels, channels } = images;
  expectPreprocessing(preprocessing, channels);
  const { scale, mean, std } = preprocessing;
  const size = images.height * images.width * channels;
  const first = start * size;
  const inputs = new Float32Array((end - start) * size);
  for (let c = 0; c < channels; c++) {
    const centre = mean[mean.length === 1 ? 0 : c];
    const spread = std[std.length === 1 ? 0 : c];
    for (let i = c; i < inputs.length; i += channels)
      inputs[i] = (pixels[first + i] * scale - centre) / spread;
  }
  return inputs;
}
