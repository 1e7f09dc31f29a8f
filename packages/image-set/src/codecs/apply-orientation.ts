import type { DecodedImage } from './decoded-image.js';

/** Orientations whose first row is at the bottom, whose first column is at the right, and whose rows are columns. */
const FROM_BOTTOM = [3, 4, 6, 7];
const FROM_RIGHT = [2, 3, 7, 8];
const TRANSPOSED = [5, 6, 7, 8];

/** Rotates and flips an image by its EXIF orientation (1 to 8), so that it is upright. */
export function applyOrientation(image: DecodedImage, orientation: number): DecodedImage {
  if (orientation === 1) return image;
  const isTransposed = TRANSPOSED.includes(orientation);
  const isFromBottom = FROM_BOTTOM.includes(orientation);
  const isFromRight = FROM_RIGHT.includes(orientation);
  const [height, width] = isTransposed ? [image.width, image.height] : [image.height, image.width];
  const pixels = new Uint8Array(image.pixels.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const [row, column] = isTransposed ? [x, y] : [y, x];
      const sourceRow = isFromBottom ? image.height - 1 - row : row;
      const sourceColumn = isFromRight ? image.width - 1 - column : column;
      const from = (sourceRow * image.width + sourceColumn) * 3;
      pixels[to] = image.pixels[from];
      pixels[to + 1] = image.pixels[from + 1];
      pixels[to + 2] = image.pixels[from + 2];
    }
  return { pixels, height, width };
}
