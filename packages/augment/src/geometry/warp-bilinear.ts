import type { AffineMatrix } from './affine-matrix.js';
import { reflectIndex, wrapCoordinate, type FillMode } from './border.js';
import type { Image } from './image.js';

export interface ResolvedWarp {
  readonly matrix: AffineMatrix;
  readonly fillMode: FillMode;
  readonly fillValue: number;
}

/**
 * The input as numbers: the loops read each value four times, and reading a Float64Array needs no conversion.
 */
let input = new Float64Array(0);

/**
 * Resamples one image into `output` with bilinear interpolation, without checks: it is called for every
 * image. A value is interpolated as a + t (b - a), so that equal values, and values at integer coordinates,
 * stay equal to the last bit.
 *
 * The functions that are called for each row and pixel receive integers only: V8 allocates an object for
 * every other number that is passed to a function or stored in an object.
 */
export function warpBilinear(output: Float32Array, image: Image, warp: ResolvedWarp): void {
  const { pixels, height, width, channels } = image;
  const { matrix } = warp;
  if (input.length < pixels.length) input = new Float64Array(pixels.length);
  input.set(pixels);
  const interpolateInterior = channels === 3 ? interpolateColors : interpolateChannels;
  for (let row = 0; row < height; row++) {
    let from = clamp(firstInterior(row, image, matrix), 0, width);
    let to = clamp(endInterior(row, image, matrix), from, width);
    // The divisions may be wrong in the last digit. Coordinates are monotonic: if both ends are inside, so
    // are all between.
    while (from < to && !isInterior(row, from, image, matrix)) from++;
    while (from < to && !isInterior(row, to - 1, image, matrix)) to--;
    for (let column = 0; column < from; column++) interpolateBorder(output, row, column, image, warp);
    interpolateInterior(output, row, from, to, image, matrix);
    for (let column = to; column < width; column++) interpolateBorder(output, row, column, image, warp);
  }
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(low, value), high);

/** Whether the four input pixels of an output pixel are inside the image. */
function isInterior(row: number, column: number, { height, width }: Image, matrix: AffineMatrix): boolean {
  const { xx, xy, x, yx, yy, y } = matrix;
  const inputX = xx * column + (xy * row + x);
  const inputY = yx * column + (yy * row + y);
  return inputX >= 0 && inputX < width - 1 && inputY >= 0 && inputY < height - 1;
}

/** The first interior column of a row, up to rounding. */
function firstInterior(
  row: number,
  { height, width }: Image,
  { xx, xy, x, yx, yy, y }: AffineMatrix,
): number {
  return Math.max(firstInside(xx, xy * row + x, width - 1), firstInside(yx, yy * row + y, height - 1));
}

/** The column after the last interior column of a row, up to rounding. */
function endInterior(row: number, { height, width }: Image, { xx, xy, x, yx, yy, y }: AffineMatrix): number {
  return Math.min(endInside(xx, xy * row + x, width - 1), endInside(yx, yy * row + y, height - 1));
}

/** The first column for which slope * column + start is in [0, last). */
function firstInside(slope: number, start: number, last: number): number {
  if (slope > 0) return Math.ceil(-start / slope);
  return slope < 0 ? Math.ceil((last - start) / slope) : 0;
}

/** The column after the last one for which slope * column + start is in [0, last). */
function endInside(slope: number, start: number, last: number): number {
  if (slope > 0) return Math.ceil((last - start) / slope);
  if (slope < 0) return Math.ceil(-start / slope);
  return start >= 0 && start < last ? Infinity : 0;
}

/** `interpolateChannels` for three channels, with the loop over channels unrolled for speed. */
function interpolateColors(
  output: Float32Array,
  row: number,
  from: number,
  to: number,
  { width }: Image,
  { xx, xy, x, yx, yy, y }: AffineMatrix,
): void {
  const startX = xy * row + x;
  const startY = yy * row + y;
  const line = width * 3;
  for (let column = from, o = row * line + from * 3; column < to; column++, o += 3) {
    const inputX = xx * column + startX;
    const inputY = yx * column + startY;
    const left = inputX | 0;
    const top = inputY | 0;
    const tx = inputX - left;
    const ty = inputY - top;
    const a = top * line + left * 3;
    const b = a + line;
    const upper0 = input[a] + tx * (input[a + 3] - input[a]);
    const upper1 = input[a + 1] + tx * (input[a + 4] - input[a + 1]);
    const upper2 = input[a + 2] + tx * (input[a + 5] - input[a + 2]);
    const lower0 = input[b] + tx * (input[b + 3] - input[b]);
    const lower1 = input[b + 1] + tx * (input[b + 4] - input[b + 1]);
    const lower2 = input[b + 2] + tx * (input[b + 5] - input[b + 2]);
    output[o] = upper0 + ty * (lower0 - upper0);
    output[o + 1] = upper1 + ty * (lower1 - upper1);
    output[o + 2] = upper2 + ty * (lower2 - upper2);
  }
}

/** Interpolates the columns from `from` to `to` (not included) of a row, all of them interior. */
function interpolateChannels(
  output: Float32Array,
  row: number,
  from: number,
  to: number,
  { width, channels }: Image,
  { xx, xy, x, yx, yy, y }: AffineMatrix,
): void {
  const startX = xy * row + x;
  const startY = yy * row + y;
  const line = width * channels;
  for (let column = from, o = row * line + from * channels; column < to; column++) {
    const inputX = xx * column + startX;
    const inputY = yx * column + startY;
    const left = inputX | 0;
    const top = inputY | 0;
    const tx = inputX - left;
    const ty = inputY - top;
    for (let a = top * line + left * channels, end = a + channels; a < end; a++) {
      const upper = input[a] + tx * (input[a + channels] - input[a]);
      const b = a + line;
      const lower = input[b] + tx * (input[b + channels] - input[b]);
      output[o++] = upper + ty * (lower - upper);
    }
  }
}

/** Interpolates one output pixel; some of its four input pixels may be outside the image. */
function interpolateBorder(
  output: Float32Array,
  row: number,
  column: number,
  { height, width, channels }: Image,
  { matrix: { xx, xy, x, yx, yy, y }, fillMode, fillValue }: ResolvedWarp,
): void {
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const o = (row * width + column) * channels;
  let inputX = xx * column + (xy * row + x);
  let inputY = yx * column + (yy * row + y);
  if (fillMode === 'constant' && (inputX < 0 || inputX > lastColumn || inputY < 0 || inputY > lastRow)) {
    for (let c = 0; c < channels; c++) output[o + c] = fillValue;
    return;
  }
  if (fillMode === 'nearest') {
    inputX = clamp(inputX, 0, lastColumn);
    inputY = clamp(inputY, 0, lastRow);
  } else if (fillMode === 'wrap') {
    inputX = wrapCoordinate(inputX, lastColumn);
    inputY = wrapCoordinate(inputY, lastRow);
  }
  const floorX = Math.floor(inputX);
  const floorY = Math.floor(inputY);
  const tx = inputX - floorX;
  const ty = inputY - floorY;
  const isReflected = fillMode === 'reflect';
  const left = isReflected ? reflectIndex(floorX, width) : floorX | 0;
  const top = isReflected ? reflectIndex(floorY, height) : floorY | 0;
  const right = isReflected ? reflectIndex(floorX + 1, width) : Math.min(left + 1, lastColumn);
  const bottom = isReflected ? reflectIndex(floorY + 1, height) : Math.min(top + 1, lastRow);
  const a = (top * width + left) * channels;
  const b = (top * width + right) * channels;
  const c = (bottom * width + left) * channels;
  const d = (bottom * width + right) * channels;
  for (let k = 0; k < channels; k++) {
    const upper = input[a + k] + tx * (input[b + k] - input[a + k]);
    const lower = input[c + k] + tx * (input[d + k] - input[c + k]);
    output[o + k] = upper + ty * (lower - upper);
  }
}
