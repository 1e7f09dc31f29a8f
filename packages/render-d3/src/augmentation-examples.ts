import { expectImages, expectInteger, InputError, type Images } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { classNameOf, indexOf } from './images.js';
import { countOf } from './format.js';
import { imageRaster } from './raster.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

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
  const { columns = 8 } = options;
  expectInteger('columns', columns, { min: 1 });
  expectInteger('originals.count', originals.count, { min: 1 });
  if (originals.count !== augmented.count)
    throw new InputError(`Expected augmented to hold ${originals.count} images, got ${augmented.count}`);
  const positions = Array.from({ length: originals.count }, (_, i) => i);
  const layout = { size: tileSize(originals, 84), labelWidth: 76 };
  const across = fitColumns(Math.min(columns, positions.length), { ...layout, ...options });
  const { body, palette, close } = openFigure(options, {
    title: 'Augmentation examples',
    subtitle: 'Each image, and under it what a network is shown in its place.',
    description: `${countOf(positions.length, 'image')} of ${originals.name}, each over an augmented version of it.`,
    width: tilesWidth(across, layout),
  });
  const rows = inRows(positions, across).flatMap((row, band): TileRow[] => [
    {
      labels: [{ text: 'original', bold: true, color: palette.ink }],
      space: band ? 14 : 0,
      tiles: row.map((i): Tile => ({ raster: imageRaster(originals, i), hint: `#${indexOf(originals, i)}` })),
    },
    {
      labels: [{ text: 'augmented', bold: true, color: palette.ink }],
      tiles: row.map((i): Tile => ({
        raster: imageRaster(augmented, i),
        captions: [
          { text: classNameOf(originals, i) ?? '', color: palette.ink },
          { text: `#${indexOf(originals, i)}` },
        ],
      })),
    },
  ]);
  return close(drawTiles(body, rows, { ...layout, palette }));
}
