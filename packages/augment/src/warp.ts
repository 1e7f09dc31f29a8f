import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import type { AffineMatrix } from './matrix.js';
import { warpInto } from './warp-into.js';

export const FILL_MODES = ['nearest', 'reflect', 'wrap', 'constant'] as const;

/**
 * What lies beyond the border: the nearest pixel (aaaa|abcd|dddd), the image mirrored at the outer edge
 * (dcba|abcd|dcba), the image again, with a period of one pixel less than its size as in SciPy (abc|abcd|bcd), or one
 * value everywhere.
 */
export type FillMode = (typeof FILL_MODES)[number];

export interface WarpOptions {
  /** Where each output pixel looks in the image. */
  readonly matrix: AffineMatrix;
  /** What lies beyond the border; default 'nearest'. */
  readonly fill?: FillMode;
  /** The value beyond the border for fill 'constant', on the scale of the pixels; default 0. */
  readonly fillValue?: number;
}

/**
 * One image (height x width x channels, row-major) looked at through a matrix, interpolated bilinearly, in a new
 * Float32Array of the same size: scipy.ndimage.affine_transform of order 1, as Keras's ImageDataGenerator uses it. With
 * 'constant' a pixel that looks beyond the centres of the border's pixels has `fillValue`, unblended.
 */
export function warp(
  image: {
    readonly pixels: Uint8Array | Float32Array;
    readonly height: number;
    readonly width: number;
    readonly channels: number;
  },
  { matrix, fill = 'nearest', fillValue = 0 }: WarpOptions,
): Float32Array {
  const { pixels, height, width, channels } = image;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectInteger('channels', channels, { min: 1 });
  expectOneOf('fill', fill, FILL_MODES);
  expectNumber('fillValue', fillValue);
  for (const name of ['xx', 'xy', 'x', 'yx', 'yy', 'y'] as const)
    expectNumber(`matrix.${name}`, matrix[name]);
  const size = height * width * channels;
  if (pixels.length !== size)
    throw new InputError(
      `Expected pixels to hold ${size} values (${height} x ${width} x ${channels}), got ${pixels.length}`,
    );
  const output = new Float32Array(size);
  warpInto(output, { pixels, height, width, channels, matrix, fill, fillValue });
  return output;
}
