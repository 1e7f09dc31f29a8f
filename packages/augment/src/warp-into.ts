import type { AffineMatrix } from './matrix.js';
import type { FillMode, Image } from './warp.js';

export interface Warp {
  readonly matrix: AffineMatrix;
  readonly fill: FillMode;
  readonly fillValue: number;
}

/** `coordinate` brought into [0, last]: wrap has the period `last`, so that both ends are the same place. */
export const wrapped = (coordinate: number, last: number) =>
  coordinate >= 0 && coordinate <= last
    ? coordinate
    : last === 0
      ? 0
      : coordinate - last * Math.floor(coordinate / last);

/** The whole number `i` mirrored at the outer edges of 0 to size - 1. */
export const mirrored = (i: number, size: number) => {
  const within = i - 2 * size * Math.floor(i / (2 * size));
  return within < size ? within : 2 * size - 1 - within;
};

// The loop below reads every value four times: it is fastest on values that need no conversion, from one kind of array.
let doubles = new Float64Array(0);

/**
 * Warps one image into `output`. The loop that all time goes into: no allocation, nothing checked. Values are blended as
 * a + t (b - a), so that equal ones and those at whole coordinates stay what they are, bit for bit.
 */
export function warpInto(output: Float32Array, { pixels, height, width, channels }: Image, warp: Warp): void {
  const { xx, xy, x, yx, yy, y } = warp.matrix;
  if (doubles.length < pixels.length) doubles = new Float64Array(pixels.length);
  const input = doubles;
  input.set(pixels);
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const line = width * channels;
  const isInside = (atX: number, atY: number) => atX >= 0 && atX < lastColumn && atY >= 0 && atY < lastRow;
  for (let row = 0, o = 0; row < height; row++) {
    const startX = xy * row + x;
    const startY = yy * row + y;
    // Columns `from` to `to` look inside the image, where no border need be thought of. Dividing may be wrong in the last
    // digit; as the coordinates are monotonic, that both ends are inside proves it for all between.
    let from = Math.max(firstInside(xx, startX, lastColumn), firstInside(yx, startY, lastRow));
    let to = Math.min(endInside(xx, startX, lastColumn), endInside(yx, startY, lastRow));
    from = Math.min(Math.max(0, from), width);
    to = Math.min(Math.max(from, to), width);
    while (from < to && !isInside(xx * from + startX, yx * from + startY)) from++;
    while (from < to && !isInside(xx * (to - 1) + startX, yx * (to - 1) + startY)) to--;
    let column = 0;
    for (; column < from; column++, o += channels)
      blendAtBorder(output, o, xx * column + startX, yx * column + startY, height, width, channels, warp);
    if (channels === 3)
      for (; column < to; column++, o += 3) {
        const atX = xx * column + startX;
        const atY = yx * column + startY;
        const left = atX | 0;
        const top = atY | 0;
        const across = atX - left;
        const down = atY - top;
        const a = top * line + left * 3;
        const b = a + line;
        const upper0 = input[a] + across * (input[a + 3] - input[a]);
        const upper1 = input[a + 1] + across * (input[a + 4] - input[a + 1]);
        const upper2 = input[a + 2] + across * (input[a + 5] - input[a + 2]);
        const lower0 = input[b] + across * (input[b + 3] - input[b]);
        const lower1 = input[b + 1] + across * (input[b + 4] - input[b + 1]);
        const lower2 = input[b + 2] + across * (input[b + 5] - input[b + 2]);
        output[o] = upper0 + down * (lower0 - upper0);
        output[o + 1] = upper1 + down * (lower1 - upper1);
        output[o + 2] = upper2 + down * (lower2 - upper2);
      }
    else
      for (; column < to; column++) {
        const atX = xx * column + startX;
        const atY = yx * column + startY;
        const left = atX | 0;
        const top = atY | 0;
        const across = atX - left;
        const down = atY - top;
        for (let a = top * line + left * channels, end = a + channels; a < end; a++) {
          const upper = input[a] + across * (input[a + channels] - input[a]);
          const b = a + line;
          const lower = input[b] + across * (input[b + channels] - input[b]);
          output[o++] = upper + down * (lower - upper);
        }
      }
    for (; column < width; column++, o += channels)
      blendAtBorder(output, o, xx * column + startX, yx * column + startY, height, width, channels, warp);
  }
}

/** About the first column at which slope * column + start is in [0, last). */
const firstInside = (slope: number, start: number, last: number) =>
  slope > 0 ? Math.ceil(-start / slope) : slope < 0 ? Math.ceil((last - start) / slope) : 0;

/** About the column after the last one at which it is. */
const endInside = (slope: number, start: number, last: number) =>
  slope > 0
    ? Math.ceil((last - start) / slope)
    : slope < 0
      ? Math.ceil(-start / slope)
      : start >= 0 && start < last
        ? Infinity
        : 0;

/** One output pixel that looks at column atX, row atY of the image in `doubles`, which may lie anywhere. */
function blendAtBorder(
  output: Float32Array,
  o: number,
  atX: number,
  atY: number,
  height: number,
  width: number,
  channels: number,
  { fill, fillValue }: Warp,
): void {
  const lastColumn = width - 1;
  const lastRow = height - 1;
  let left: number;
  let top: number;
  let right: number;
  let bottom: number;
  let across: number;
  let down: number;
  if (fill === 'reflect') {
    left = Math.floor(atX);
    top = Math.floor(atY);
    across = atX - left;
    down = atY - top;
    right = mirrored(left + 1, width);
    bottom = mirrored(top + 1, height);
    left = mirrored(left, width);
    top = mirrored(top, height);
  } else {
    if (fill === 'nearest') {
      atX = atX < 0 ? 0 : atX > lastColumn ? lastColumn : atX;
      atY = atY < 0 ? 0 : atY > lastRow ? lastRow : atY;
    } else if (fill === 'wrap') {
      atX = wrapped(atX, lastColumn);
      atY = wrapped(atY, lastRow);
    } else if (atX < 0 || atX > lastColumn || atY < 0 || atY > lastRow) {
      for (let c = 0; c < channels; c++) output[o + c] = fillValue;
      return;
    }
    // Not below zero any more, so cutting off is rounding down.
    left = atX | 0;
    top = atY | 0;
    across = atX - left;
    down = atY - top;
    right = left < lastColumn ? left + 1 : left;
    bottom = top < lastRow ? top + 1 : top;
  }
  const input = doubles;
  const a = (top * width + left) * channels;
  const b = (top * width + right) * channels;
  const c = (bottom * width + left) * channels;
  const d = (bottom * width + right) * channels;
  for (let k = 0; k < channels; k++) {
    const upper = input[a + k] + across * (input[b + k] - input[a + k]);
    const lower = input[c + k] + across * (input[d + k] - input[c + k]);
    output[o + k] = upper + down * (lower - upper);
  }
}
