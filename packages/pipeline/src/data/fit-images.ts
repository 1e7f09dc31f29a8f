import {
  expectImageArray,
  expectInteger,
  expectModel,
  expectObject,
  expectOptions,
  indexRange,
  InputError,
  pixelsOf,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { fitToInput, type DecodedImage, type RgbColor } from '@convlens/image-set/folder';
import { inputShapeOf, type InputShape } from '@convlens/models';
import type { OpenModel } from '../run/open-model.js';

/** A height and a width in pixels. */
export type ImageSize = Pick<InputShape, 'height' | 'width'>;

export interface FitImagesOptions {
  /** The size of the images for a model that reads any size; default that of the images. */
  readonly size?: ImageSize;
  /** The color, 0..255, that shows through transparent pixels of images of 4 channels; default black. */
  readonly background?: RgbColor;
  /** Called with what is changed, a sentence each. */
  readonly onWarning?: (message: string) => void;
}

function expectReaderModel(opened: Pick<OpenModel, 'model'>): Pick<OpenModel, 'model'> {
  expectObject('opened', opened);
  expectModel('opened.model', opened.model);
  return opened;
}

const FIT_IMAGES_OPTIONS: OptionNames<FitImagesOptions> = { size: true, background: true, onWarning: true };

/**
 * The shape of the images that a model reads, with `size` where it leaves its size open.
 *
 * @throws InputError if the size of the model is another, or it does not read single images.
 */
export function imageShapeOf(opened: Pick<OpenModel, 'model'>, size?: ImageSize): InputShape {
  const { model } = expectReaderModel(opened);
  if (size !== undefined) {
    expectObject('size', size);
    expectInteger('size.height', size.height, { min: 1 });
    expectInteger('size.width', size.width, { min: 1 });
  }
  const [{ shape: input }, ...others] = model.inputs;
  if (size === undefined && others.length === 0 && input.length === 4 && !(input[1] && input[2]))
    throw new InputError(
      'Expected a size (--size, such as 224 or 192x256) for a model that reads images of any size, got none',
    );
  const shape = inputShapeOf(model, { openSize: size });
  if (size && (size.height !== shape.height || size.width !== shape.width))
    throw new InputError(
      `Expected the size ${shape.height} x ${shape.width}, which the model reads, got ${size.height} x ${size.width}`,
    );
  return shape;
}

/**
 * Images of another size or number of channels in the form that a model reads, with their labels and class names: center-cropped
 * to its aspect ratio and resized; gray as three equal channels, color as luminance, and transparency over `background`. Images
 * that fit, and those for a model of several inputs, are returned as they are.
 *
 * @throws InputError if `size` is not the size of the model, or if images that need a change are not bytes.
 */
export function fitImages(
  images: ImageSet,
  opened: Pick<OpenModel, 'model'>,
  options: FitImagesOptions = {},
): ImageSet {
  expectOptions('fitImages', options, FIT_IMAGES_OPTIONS);
  expectImageArray('images', images);
  expectReaderModel(opened);
  const { size, background = [0, 0, 0], onWarning } = options;
  if (opened.model.inputs.length > 1 || (!size && fitsAlready(images, opened))) return images;
  const { height, width, channels, classNames } = images;
  // A side that the model leaves open is that of the images.
  const shape = size
    ? imageShapeOf(opened, size)
    : inputShapeOf(opened.model, { openSize: { height, width } });
  const changes = changesOf(images, shape, background);
  if (changes.length === 0) return images;
  for (const change of changes) onWarning?.(`${images.name}: ${change}`);
  const decoded = Array.from(indexRange(images.count), (index) => ({
    pixels: toRgb(expectBytePixels(pixelsOf(images, index), images.name), channels, background),
    height,
    width,
  }));
  return { ...images, ...shape, pixels: fitToInput(decoded, shape), classNames };
}

/** Whether the model reads images of this shape, whatever their number of channels. */
function fitsAlready({ height, width, channels }: ImageSet, { model }: Pick<OpenModel, 'model'>): boolean {
  const [, ...expected] = model.inputs[0].shape;
  return (
    expected.length === 3 && [height, width, channels].every((side, i) => (expected[i] ?? side) === side)
  );
}

const titleOf = ({ height, width }: ImageSize) => `${height} x ${width}`;

/** What changes images for a model of that shape, in words. */
function changesOf(images: ImageSet, shape: InputShape, background: RgbColor): string[] {
  const changes: string[] = [];
  if (images.height !== shape.height || images.width !== shape.width)
    changes.push(
      `the images are resized from ${titleOf(images)} to ${titleOf(shape)}, which the model reads`,
    );
  if (images.channels === 4)
    changes.push(`transparent pixels are blended with the color ${background.join(', ')}`);
  if (images.channels === 1 && shape.channels === 3)
    changes.push('the gray images are repeated in 3 channels, which the model reads');
  if (images.channels >= 3 && shape.channels === 1)
    changes.push('the color images become gray (luminance), which the model reads');
  if (images.channels === 2)
    throw new InputError(`Expected images of 1, 3 or 4 channels, got ${images.name} with 2`);
  return changes;
}

function expectBytePixels(pixels: Uint8Array | Float32Array, name: string): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  throw new InputError(
    `Expected pixels as a Uint8Array to change the size or the channels of images, got a Float32Array in ${name}`,
  );
}

/** The pixels of gray, color or transparent images in color. */
function toRgb(pixels: Uint8Array, channels: number, background: RgbColor): DecodedImage['pixels'] {
  if (channels === 3) return pixels;
  return Uint8Array.from({ length: (pixels.length / channels) * 3 }, (_, i) => {
    const [pixel, c] = [Math.floor(i / 3), i % 3];
    if (channels === 1) return pixels[pixel];
    const alpha = pixels[4 * pixel + 3] / 255;
    return Math.round(alpha * pixels[4 * pixel + c] + (1 - alpha) * background[c]);
  });
}
