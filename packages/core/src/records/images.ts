import { InputError } from '../guards/input-error.js';
import { expectInteger, expectNumbers, expectString, isTypedArray } from '../guards/values.js';

/**
 * Images in one flat array, with labels and class names: what ImageSet and ImageBatch share. Functions that work on both
 * take this.
 */
export interface Images {
  /** A name for captions and messages, such as "CIFAR-10 train". */
  readonly name: string;
  /**
   * count x height x width x channels values, row-major, 0..255 (a Float32Array may hold fractions). Preprocessing maps
   * them to model inputs.
   */
  readonly pixels: Uint8Array | Float32Array;
  /** One class index per image, into classNames. */
  readonly labels?: Int32Array;
  /** The number of images. */
  readonly count: number;
  /** Of one image, in pixels. */
  readonly height: number;
  /** Of one image, in pixels. */
  readonly width: number;
  /** 1 (gray) to 4. */
  readonly channels: number;
  /** The names of the classes, by index. */
  readonly classNames: readonly string[];
}

/** A set of images, such as the test images of CIFAR-10. */
export interface ImageSet extends Images {
  /** Tells a set from a batch. */
  readonly kind: 'image-set';
  /** A second, coarser label per image (CIFAR-100). */
  readonly coarseLabels?: Int32Array;
}

/** A set of images with labels, as all loaders return. */
export interface LabeledImageSet extends ImageSet {
  /** One class index per image, into classNames. */
  readonly labels: Int32Array;
}

/** Some images of a set that are processed together. */
export interface ImageBatch extends Images {
  /** Tells a batch from a set. */
  readonly kind: 'image-batch';
  /** Epoch and batch within the epoch, 0-based: with a seed they determine the random numbers of this batch. */
  readonly epoch: number;
  /** The batch within the epoch, 0-based. */
  readonly step: number;
  /** The number of batches of the epoch, if it is known. */
  readonly steps?: number;
  /** The index of each image in its set. */
  readonly indices: Uint32Array;
  /** Soft labels, count x classes, used in place of `labels` (MixUp, CutMix). */
  readonly targets?: Float32Array;
}

/** The batches of an epoch. A pure function of the epoch, so that a run can be resumed or replayed. */
export type BatchSource = (epoch: number) => Iterable<ImageBatch> | AsyncIterable<ImageBatch>;

/** Throws an InputError if a value is not an object with pixels: the part of `expectImages` that reads no sizes and labels. */
export function expectImageArray(name: string, images: Images): void {
  if (isTypedArray((images as Images | null | undefined)?.pixels)) return;
  throw new InputError(
    `Expected ${name} to be images with pixels, got ${images === null ? 'null' : typeof images}`,
  );
}

/** Throws an InputError if sizes, labels and class names contradict each other. */
export function expectImages(name: string, images: Images): void {
  expectString('name', name);
  expectImageArray(name, images);
  expectInteger(`${name}.count`, images.count);
  expectInteger(`${name}.height`, images.height, { min: 1 });
  expectInteger(`${name}.width`, images.width, { min: 1 });
  expectInteger(`${name}.channels`, images.channels, { min: 1, max: 4 });
  const { count, height, width, channels, pixels, labels, classNames } = images;
  const expected = count * height * width * channels;
  if (pixels.length !== expected) {
    const shape = `${count} x ${height} x ${width} x ${channels}`;
    throw new InputError(
      `Expected ${name}.pixels to hold ${expected} values (${shape}), got ${pixels.length}`,
    );
  }
  if (!labels) return;
  if (labels.length !== count)
    throw new InputError(
      `Expected ${name}.labels to hold ${count} values, one per image, got ${labels.length}`,
    );
  const wrong = labels.findIndex((label) => label < 0 || label >= classNames.length);
  if (wrong >= 0) {
    const range = `from 0 to ${classNames.length - 1}`;
    throw new InputError(`Expected ${name}.labels to be ${range}, got ${labels[wrong]} at image ${wrong}`);
  }
}

/** Images that know their index in the set that they were selected from. */
export type Indexed = Images & { readonly indices?: ArrayLike<number> };

/** The index in its set of the image at `position`: `indices[position]` of a batch or subset, else the position itself. */
export function imageIndex(images: Indexed, position: number): number {
  expectImageArray('images', images);
  return images.indices?.[position] ?? expectInteger('position', position);
}

/**
 * The position in `images` of the image with that index in its set.
 *
 * @throws InputError if `images` does not hold it.
 */
export function imagePosition(images: Indexed, index: number): number {
  expectImageArray('images', images);
  expectInteger('index', index);
  const { indices, count, name } = images;
  if (!indices) {
    if (index < count) return index;
    throw new InputError(`Expected images to hold image ${index}, got the ${count} of ${name}`);
  }
  const position = Array.prototype.indexOf.call(indices, index);
  if (position >= 0) return position;
  throw new InputError(`Expected images to hold image ${index}, got ${Array.from(indices).join(', ')}`);
}

/** The pixels of the image at `position`, height x width x channels: a view, not a copy. */
export function pixelsOf(images: Images, position: number): Uint8Array | Float32Array {
  expectImageArray('images', images);
  expectInteger('position', position);
  const size = images.height * images.width * images.channels;
  return images.pixels.subarray(position * size, (position + 1) * size);
}

/** The fields of images that hold values per image. */
type PerImageFields = Indexed & Partial<Pick<ImageSet, 'coarseLabels'> & Pick<ImageBatch, 'targets'>>;

/**
 * Copies of the images at some positions, in that order, with their labels; a position may occur twice. They keep their index
 * in the set.
 *
 * @throws InputError if a position is not that of an image.
 */
export function selectImages<T extends Images>(
  images: T,
  positions: ArrayLike<number>,
): T & { readonly indices: Uint32Array } {
  expectImageArray('images', images);
  expectNumbers('positions', positions);
  const { count, height, width, channels, labels, coarseLabels, targets }: PerImageFields = images;
  for (let i = 0; i < positions.length; i++) expectInteger(`indices[${i}]`, positions[i], { max: count - 1 });
  return {
    ...images,
    count: positions.length,
    pixels: selectRows(images.pixels, positions, height * width * channels),
    ...(labels && { labels: Int32Array.from(positions, (position) => labels[position]) }),
    ...(coarseLabels && { coarseLabels: Int32Array.from(positions, (position) => coarseLabels[position]) }),
    ...(targets && { targets: selectRows(targets, positions, targets.length / count) }),
    indices: Uint32Array.from(positions, (position) => imageIndex(images, position)),
  };
}

/** The rows of a matrix at some positions, as a new array of the same type. */
function selectRows<T extends Uint8Array | Float32Array>(
  values: T,
  positions: ArrayLike<number>,
  width: number,
): T {
  const length = positions.length * width;
  const selected = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let i = 0; i < positions.length; i++)
    selected.set(values.subarray(positions[i] * width, (positions[i] + 1) * width), i * width);
  return selected as T;
}

/** The names of classes without names: "class 0", "class 1", ... */
export const defaultClassNames = (count: number): string[] =>
  Array.from({ length: expectInteger('count', count) }, (_, i) => `class ${i}`);
