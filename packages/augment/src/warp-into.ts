import type { AffineMatrix } from './matrix.js';
import type { FillMode } from './warp.js';

interface Warp {
  readonly pixels: Uint8Array | Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly matrix: AffineMatrix;
  readonly fill: FillMode;
  readonly fillValue: number;
}

/** `coordinate` brought into [0, last]: wrap has the period `last`, so that both ends are the same place. */
const wrapped = (coordinate: number, last: number) =>
  coordinate >= 0 && coordinate <= last
    ? coordinate
    : last === 0
      ? 0
      : coordinate - last * Math.floor(coordinate / last);

/** The whole number `i` mirrored at the outer edges of 0 to size - 1. */
const mirrored = (i: number, size: number) => {
  const within = i - 2 * size * Math.floor(i / (2 * size));
  return within < size ? within : 2 * size - 1 - within;
};

/** Warps one image into `output`. The loop that all time goes into: no allocation, nothing checked. */
export function warpInto(
  output: Float32Array,
  { pixels, height, width, channels, matrix, fill, fillValue }: Warp,
): void {
  const { xx, xy, x, yx, yy, y } = matrix;
  const lastColumn = width - 1;
  const lastRow = height - 1;
  for (let row = 0, o = 0; row < height; row++) {
    const startX = xy * row + x;
    const startY = yy * row + y;
    for (let column = 0; column < width; column++, o += channels) {
      let atX = xx * column + startX;
      let atY = yx * column + startY;
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
          continue;
        }
        // Not below zero any more, so cutting off is rounding down.
        left = atX | 0;
        top = atY | 0;
        across = atX - left;
        down = atY - top;
        right = left < lastColumn ? left + 1 : left;
        bottom = top < lastRow ? top + 1 : top;
      }
      const upper = top * width;
      const lower = bottom * width;
      const a = (upper + left) * channels;
      const b = (upper + right) * channels;
      const c = (lower + left) * channels;
      const d = (lower + right) * channels;
      const weightD = across * down;
      const weightC = down - weightD;
      const weightB = across - weightD;
      const weightA = 1 - across - weightC;
      output[o] = weightA * pixels[a] + weightB * pixels[b] + weightC * pixels[c] + weightD * pixels[d];
      if (channels === 3) {
        output[o + 1] =
          weightA * pixels[a + 1] +
          weightB * pixels[b + 1] +
          weightC * pixels[c + 1] +
          weightD * pixels[d + 1];
        output[o + 2] =
          weightA * pixels[a + 2] +
          weightB * pixels[b + 2] +
          weightC * pixels[c + 2] +
          weightD * pixels[d + 2];
      } else
        for (let k = 1; k < channels; k++)
          output[o + k] =
            weightA * pixels[a + k] +
            weightB * pixels[b + k] +
            weightC * pixels[c + k] +
            weightD * pixels[d + k];
    }
  }
}
