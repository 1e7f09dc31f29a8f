import { imagePosition, type Images } from '@convlens/core';
import { labelName } from '../drawing/images.js';
import { imageRaster } from '../drawing/raster.js';
import type { Tile } from './tiles.js';

/** An input image as a tile with its label and index. */
export function imageTile(images: Images, index: number): Tile {
  const position = imagePosition(images, index);
  const label = labelName(images, position);
  return {
    raster: imageRaster(images, position),
    datum: { index },
    tooltip: `#${index} ${label ?? ''}`.trim(),
    captions: [{ text: label ?? 'input', end: `#${index}`, bold: true }],
  };
}
