import { expectObject, expectInteger, InputError } from '@convlens/core';

/** The size of an image in pixels, each >= 1. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** One image; ImageSet and ImageBatch hold several. */
export interface Image extends Size {
  /** height x width x channels values, row-major. */
  readonly pixels: Uint8Array | Float32Array;
  readonly channels: number;
}

/** One image that is changed in place. */
export interface MutableImage extends Size {
  readonly pixels: Float32Array;
  readonly channels: number;
}

/** A position in an image, in pixels; (0, 0) is the center of the first pixel. */
export interface Point {
  readonly row: number;
  readonly column: number;
}

/** Throws an InputError if sizes and pixels contradict each other. */
export function expectImage(image: Image): void {
  expectObject('image', image);
  const { pixels, height, width, channels } = image;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectInteger('channels', channels, { min: 1 });
  const size = height * width * channels;
  if (pixels?.length !== size)
    throw new InputError(
      `Expected pixels to hold ${size} values (${height} x ${width} x ${channels}), got ${pixels?.length}`,
    );
}
