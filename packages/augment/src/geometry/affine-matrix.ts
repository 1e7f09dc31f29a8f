import { expectObject, expectInteger } from '@convlens/core';
import { NO_WARP, type Geometry } from './geometry.js';
import type { Size } from './image.js';

/**
 * The map from an output pixel to its input coordinates: output (row, column) reads the input at column
 * xx * column + xy * row + x and row yx * column + yy * row + y.
 */
export interface AffineMatrix {
  readonly xx: number;
  readonly xy: number;
  readonly x: number;
  readonly yx: number;
  readonly yy: number;
  readonly y: number;
}

/**
 * The matrix of a warp, from output to input coordinates, about the center
 * ((height - 1) / 2, (width - 1) / 2): rotation R = [[cos, -sin], [sin, cos]], shift T, shear
 * S = [[1, -sin], [0, cos]] and zoom Z on (column, row), M = R T S Z as in Keras's apply_affine_transform,
 * then the flips. Fields that `geometry` leaves out change nothing.
 *
 * Two faults of Keras (2.9 and later) are not repeated: there height_shift_range shifts columns and
 * width_shift_range shifts rows, and images that are not square are not rotated about their center.
 *
 * @throws InputError if height or width is not an integer >= 1.
 */
export function affineMatrix(geometry: Partial<Geometry>, size: Size): AffineMatrix {
  expectObject('geometry', geometry);
  expectObject('size', size);
  const { height, width } = size;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  return affineMatrixUnchecked({ ...NO_WARP, ...geometry }, { height, width });
}

/** affineMatrix without checks: it is called for every image. */
export function affineMatrixUnchecked(
  { flip, flipVertical, rotation, shiftColumns, shiftRows, shear, zoomColumns, zoomRows }: Readonly<Geometry>,
  { height, width }: Size,
): AffineMatrix {
  const cos = Math.cos((rotation * Math.PI) / 180);
  const sin = Math.sin((rotation * Math.PI) / 180);
  const shearSin = Math.sin((shear * Math.PI) / 180);
  const shearCos = Math.cos((shear * Math.PI) / 180);
  let xx = cos * zoomColumns;
  let xy = (-cos * shearSin - sin * shearCos) * zoomRows;
  let yx = sin * zoomColumns;
  let yy = (-sin * shearSin + cos * shearCos) * zoomRows;
  const centerX = width / 2 - 0.5;
  const centerY = height / 2 - 0.5;
  let x = centerX + cos * shiftColumns - sin * shiftRows - xx * centerX - xy * centerY;
  let y = centerY + sin * shiftColumns + cos * shiftRows - yx * centerX - yy * centerY;
  // Column j of the mirrored image is column width - 1 - j of the image before.
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
