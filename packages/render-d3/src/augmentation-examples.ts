import { expectImages, InputError, type Images } from '@convlens/core';
import { expectCount } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf } from './format.js';
import { classNameOf, indexOf } from './images.js';
import { imageRaster } from './raster.js';
import { drawTileFigure, inRows, tileSize, type TileRow } from './tiles.js';

export interface AugmentationExamplesOptions extends FigureOptions {
  /** At most, from 1; 8. */
  readonly columns?: number;
}

/** Images over what augmentation made of them: the two hold the same images in the same order. */
export function augmentationExamples(
  { originals, augmented }: { readonly originals: Images; readonly augmented: Images },
  options: AugmentationExamplesOptions = {},
): SVGSVGElement {
  expectImages('originals', originals);
  expectImages('augmented', augmented);
  expectCount('originals.count', originals.count);
  if (originals.count !== augmented.count)
    throw new InputError(`Expected augmented to hold ${originals.count} images, got ${augmented.count}`);
  const positions = Array.from({ length: originals.count }, (_, i) => i);
  return drawTileFigure(options, {
    title: 'Augmentation examples',
    subtitle: 'Each image, and under it what a network is shown in its place.',
    description: `${countOf(positions.length, 'image')} of ${originals.name}, each over an augmented version of it.`,
    size: tileSize(originals, 84),
    labelWidth: 76,
    columns: options.columns ?? 8,
    longest: positions.length,
    rows: (across) =>
      inRows(positions, across).flatMap((row, band): TileRow[] => [
        {
          labels: [{ text: 'original', bold: true }],
          space: band ? 14 : 0,
          tiles: row.map((i) => ({ raster: imageRaster(originals, i), hint: `#${indexOf(originals, i)}` })),
        },
        {
          labels: [{ text: 'augmented', bold: true }],
          tiles: row.map((i) => ({
            raster: imageRaster(augmented, i),
            captions: [
              { text: classNameOf(originals, i) ?? '', color: 'ink' },
              { text: `#${indexOf(originals, i)}` },
            ],
          })),
        },
      ]),
  });
}
