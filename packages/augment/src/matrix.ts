import { expectInteger } from '@convlens/core';
import type { Geometry } from './definition.js';
import { UNCHANGED } from './draw.js';

/**
 * Where an output pixel (row, column) looks in the input: at column xx * column + xy * row + x, row yx * column +
 * yy * row + y.
 */
export interface AffineMatrix {
  readonly xx: number;
  readonly xy: number;
  readonly x: number;
  readonly yx: number;
  readonly yy: number;
  readonly y: number;
}

export interface AffineMatrixOptions {
  /** Of the image, in pixels, >= 1. */
  readonly height: number;
  readonly width: number;
}

/**
 * One matrix for the warp of an Augmentation, output to input, about the centre ((height - 1) / 2, (width - 1) / 2): rotation
 * R = [[cos, -sin], [sin, cos]], shift, shear S = [[1, -sin], [0, cos]] and zoom on (column, row), M = R T S Z as in
 * Keras's apply_affine_transform, then the flips. What `augmentation` leaves out is no change.
 *
 * Two faults of Keras (2.9 and later) are not repeated: there height_shift_range moves columns and width_shift_range
 * rows, and images that are not square turn about another point than their centre.
 */
export function affineMatrix(
  augmentation: Partial<Geometry>,
  { height, width }: AffineMatrixOptions,
): AffineMatrix {
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  return matrixOf({ ...UNCHANGED, ...augmentation }, { height, width });
}

/** affineMatrix for sizes that were checked: it is called for every image. */
export function matrixOf(
  { flip, flipVertical, rotation, shiftColumns, shiftRows, shear, zoomColumns, zoomRows }: Readonly<Geometry>,
  { height, width }: AffineMatrixOptions,
): AffineMatrix {
  const cos = Math.cos((rotation * Math.PI) / 180);
  const sin = Math.sin((rotation * Math.PI) / 180);
  const slant = Math.sin((shear * Math.PI) / 180);
  const upright = Math.cos((shear * Math.PI) / 180);
  let xx = cos * zoomColumns;
  let xy = (-cos * slant - sin * upright) * zoomRows;
  let yx = sin * zoomColumns;
  let yy = (-sin * slant + cos * upright) * zoomRows;
  const centreX = width / 2 - 0.5;
  const centreY = height / 2 - 0.5;
  let x = centreX + cos * shiftColumns - sin * shiftRows - xx * centreX - xy * centreY;
  let y = centreY + sin * shiftColumns + cos * shiftRows - yx * centreX - yy * centreY;
  // Column j of the mirrored image is column width - 1 - j of the one before.
  if (flip) {
    x += xx * (width - 1);
    y += yx * (width - 1);
    xx = -xx;
    yx = -yx;
  }
  if (flipVertical) {
    x += xy * (height - 1);
    y += yy * (height - 1);
    xy = -xy;
    yy = -yy;
  }
  return { xx, xy, x, yx, yy, y };
}
