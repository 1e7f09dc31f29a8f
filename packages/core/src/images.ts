import { expectInteger, InputError } from './guards.js';

/**
 * Images in one flat array, and what is known about them. What ImageSet and ImageBatch share: whatever looks at
 * images, but does not care where they came from, takes this.
 */
export interface Images {
  /** What a reader would call them, such as "CIFAR-10 train". */
  readonly name: string;
  /**
   * count x height x width x channels values, row-major. Whichever array holds them they are on the scale 0..255
   * (a Float32Array holds fractions of those levels); Preprocessing turns them into what a network reads.
   */
  readonly pixels: Uint8Array | Float32Array;
  /** One class index an image, into classNames. */
  readonly labels?: Int32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) to 4. */
  readonly channels: number;
  readonly classNames: readonly string[];
}

/** A whole set of images, such as the test images of CIFAR-10. */
export interface ImageSet extends Images {
  readonly kind: 'image-set';
  /** A second, coarser label an image (CIFAR-100). */
  readonly coarseLabels?: Int32Array;
}

/** Some images of a set, on their way to a network. */
export interface ImageBatch extends Images {
  readonly kind: 'image-batch';
  /** 0-based epoch and batch within the epoch: with a seed they say which random numbers belong to this batch. */
  readonly epoch: number;
  readonly step: number;
  /** How many batches the epoch has, where that is known. */
  readonly steps?: number;
  /** Where each image stands in its set. */
  readonly indices: Uint32Array;
  /** Soft labels, count x classes; they take the place of `labels` (MixUp, CutMix). */
  readonly targets?: Float32Array;
}

/** The batches of one epoch. A pure function of the epoch, so that a run can be resumed or replayed. */
export type BatchSource = (epoch: number) => Iterable<ImageBatch> | AsyncIterable<ImageBatch>;

/** Throws an InputError that says what does not fit, if sizes, labels and class names contradict each other. */
export function expectImages(name: string, images: Images): void {
  if (images === null || typeof images !== 'object' || !ArrayBuffer.isView(images.pixels))
    throw new InputError(`Expected ${name} to be images with pixels, got ${typeof images}`);
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
      `Expected ${name}.labels to hold ${count} values, one an image, got ${labels.length}`,
    );
  const wrong = labels.findIndex((label) => label < 0 || label >= classNames.length);
  if (wrong >= 0) {
    const range = `from 0 to ${classNames.length - 1}`;
    throw new InputError(`Expected ${name}.labels to be ${range}, got ${labels[wrong]} at image ${wrong}`);
  }
}

/** The index in its set of the image at `position`: `indices[position]` of a batch or subset, else the position itself. */
export const imageIndex = (images: Images & { readonly indices?: ArrayLike<number> }, position: number): number =>
  images.indices?.[position] ?? position;
