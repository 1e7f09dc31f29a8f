import { reflectIndex, wrapCoordinate } from './border.js';
import type { Image } from './image.js';
import type { ResolvedWarp } from './warp-bilinear.js';

/** `warpBilinear` without interpolation: each output pixel is a copy of the closest input pixel. */
export function warpNearest(
  output: Float32Array,
  { pixels, height, width, channels }: Image,
  { matrix: { xx, xy, x, yx, yy, y }, fillMode, fillValue }: ResolvedWarp,
): void {
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const nearestIndex = (coordinate: number, last: number) => {
    if (fillMode === 'reflect') return reflectIndex(Math.floor(coordinate + 0.5), last + 1);
    const inside =
      fillMode === 'wrap' ? wrapCoordinate(coordinate, last) : Math.max(0, Math.min(last, coordinate));
    return Math.min(last, Math.floor(inside + 0.5));
  };
  for (let row = 0, o = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const inputX = xx * column + xy * row + x;
      const inputY = yx * column + yy * row + y;
      const isOutside = inputX < 0 || inputX > lastColumn || inputY < 0 || inputY > lastRow;
      const isFilled = fillMode === 'constant' && isOutside;
      const start = (nearestIndex(inputY, lastRow) * width + nearestIndex(inputX, lastColumn)) * channels;
      for (let c = 0; c < channels; c++) output[o++] = isFilled ? fillValue : pixels[start + c];
    }
}
