import type { Image } from './warp.js';
import { mirrored, wrapped, type Warp } from './warp-into.js';

/** warpInto that takes the closest pixel: values are moved, never blended. */
export function warpNearestInto(
  output: Float32Array,
  { pixels, height, width, channels }: Image,
  { matrix: { xx, xy, x, yx, yy, y }, fill, fillValue }: Warp,
): void {
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const closest = (at: number, last: number) => {
    if (fill === 'reflect') return mirrored(Math.floor(at + 0.5), last + 1);
    const within = fill === 'wrap' ? wrapped(at, last) : Math.max(0, Math.min(last, at));
    return Math.min(last, Math.floor(within + 0.5));
  };
  for (let row = 0, o = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const atX = xx * column + xy * row + x;
      const atY = yx * column + yy * row + y;
      const outside = fill === 'constant' && (atX < 0 || atX > lastColumn || atY < 0 || atY > lastRow);
      const from = (closest(atY, lastRow) * width + closest(atX, lastColumn)) * channels;
      for (let c = 0; c < channels; c++) output[o++] = outside ? fillValue : pixels[from + c];
    }
}
