import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import type { AffineMatrix } from './matrix.js';
import { warpInto } from './warp-into.js';
import { warpNearestInto } from './warp-nearest-into.js';

export const FILL_MODES = ['nearest', 'reflect', 'wrap', 'constant'] as const;

/**
 * What lies beyond the border: the nearest pixel (aaaa|abcd|dddd), the image mirrored at the outer edge
 * (dcba|abcd|dcba), the image again, with a period of one pixel less than its size as in SciPy (abc|abcd|bcd), or one
 * value everywhere.
 */
export type FillMode = (typeof FILL_MODES)[number];

const INTERPOLATIONS = ['bilinear', 'nearest'] as const;

export interface WarpOptions {
  /** Where each output pixel looks in the image. */
  readonly matrix: AffineMatrix;
  /** What lies beyond the border; default 'nearest'. */
  readonly fill?: FillMode;
  /** The value beyond the border for fill 'constant', on the scale of the pixels; default 0. */
  readonly fillValue?: number;
  /** Between pixels: a blend of four, or the closest one, for masks; default 'bilinear'. */
  readonly interpolation?: (typeof INTERPOLATIONS)[number];
}

/** One image, as ImageSet and ImageBatch hold many. */
export interface Image {
  /** height x width x channels, row-major. */
  readonly pixels: Uint8Array | Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * One image (height x width x channels, row-major) looked at through a matrix, interpolated bilinearly, in a new
 * Float32Array of the same size: scipy.ndimage.affine_transform of order 1 (nearest: 0), as Keras's ImageDataGenerator uses it. With
 * 'constant' a pixel that looks beyond the centres of the border's pixels has `fillValue`, unblended.
 */
export function warp(
  image: Image,
  { matrix, fill = 'nearest', fillValue = 0, interpolation = 'bilinear' }: WarpOptions,
): Float32Array {
  expectImage(image);
  expectOneOf('fill', fill, FILL_MODES);
  expectOneOf('interpolation', interpolation, INTERPOLATIONS);
  expectNumber('fillValue', fillValue);
  for (const name of ['xx', 'xy', 'x', 'yx', 'yy', 'y'] as const)
    expectNumber(`matrix.${name}`, matrix[name]);
  const output = new Float32Array(image.pixels.length);
  const into = interpolation === 'nearest' ? warpNearestInto : warpInto;
  into(output, image, { matrix, fill, fillValue });
  return output;
}

/** Throws an InputError if sizes and pixels contradict each other. */
export function expectImage({ pixels, height, width, channels }: Image): void {
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectInteger('channels', channels, { min: 1 });
  const size = height * width * channels;
  if (pixels?.length !== size)
    throw new InputError(
      `Expected pixels to hold ${size} values (${height} x ${width} x ${channels}), got ${pixels?.length}`,
    );
}
