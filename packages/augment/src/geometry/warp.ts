import { expectObject, expectNumber, expectOneOf, expectOptions, type OptionNames } from '@convlens/core';
import type { AffineMatrix } from './affine-matrix.js';
import { FILL_MODES, type FillMode } from './border.js';
import { expectImage, type Image } from './image.js';
import { warpBilinear } from './warp-bilinear.js';
import { warpNearest } from './warp-nearest.js';

export const INTERPOLATIONS = ['bilinear', 'nearest'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

export interface WarpOptions {
  /** From output to input coordinates. */
  readonly matrix: AffineMatrix;
  /** The values outside the image; default 'nearest'. */
  readonly fillMode?: FillMode;
  /** The value outside the image with fillMode 'constant', on the scale of the pixels; default 0. */
  readonly fillValue?: number;
  /**
   * 'bilinear' interpolates between four pixels, 'nearest' copies the closest one (for masks); default
   * 'bilinear'.
   */
  readonly interpolation?: Interpolation;
}

const WARP_OPTIONS: OptionNames<WarpOptions> = {
  matrix: true,
  fillMode: true,
  fillValue: true,
  interpolation: true,
};

/**
 * One image (height x width x channels, row-major) resampled under a matrix, in a new Float32Array of the
 * same size: scipy.ndimage.affine_transform of order 1 (nearest: order 0), which Keras's ImageDataGenerator
 * calls. With 'constant' an output pixel whose coordinates are beyond the centers of the outermost pixels is
 * `fillValue`, not a blend.
 *
 * @throws InputError if the image or an option is not valid.
 */
export function warp(image: Image, options: WarpOptions): Float32Array {
  expectOptions('warp', options, WARP_OPTIONS);
  expectObject('the options of warp', options);
  expectObject('matrix', options.matrix);
  const { matrix, fillMode = 'nearest', fillValue = 0, interpolation = 'bilinear' } = options;
  expectImage(image);
  expectOneOf('fillMode', fillMode, FILL_MODES);
  expectOneOf('interpolation', interpolation, INTERPOLATIONS);
  expectNumber('fillValue', fillValue);
  for (const name of ['xx', 'xy', 'x', 'yx', 'yy', 'y'] as const)
    expectNumber(`matrix.${name}`, matrix[name]);
  const output = new Float32Array(image.pixels.length);
  const resample = interpolation === 'nearest' ? warpNearest : warpBilinear;
  resample(output, image, { matrix, fillMode, fillValue });
  return output;
}
