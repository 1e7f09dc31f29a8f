import { expectImages, expectInteger, InputError, type Images } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf } from './format.js';
import { imageRaster } from './raster.js';
import { draw } from './svg.js';
import { drawTiles, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

/** One step alone, at several strengths. */
export interface StrengthRow {
  /** What the step is called. */
  readonly step: string;
  /** What it made of the image, in the order of the strengths. */
  readonly images: Images;
  /** What stands under each of them, such as "15°". */
  readonly strengths: readonly string[];
}

export interface AugmentationStrengthsOptions extends FigureOptions {
  /** How many rows stand side by side, from 1; 2 for more than eight rows, else 1. */
  readonly columns?: number;
}

const SPACE = 28;

/** What each step of augmentation makes of one image, a row a step; the image itself on top. */
export function augmentationStrengths(
  { original, rows }: { readonly original: Images; readonly rows: readonly StrengthRow[] },
  options: AugmentationStrengthsOptions = {},
): SVGSVGElement {
  expectImages('original', original);
  expectInteger('original.count', original.count, { min: 1, max: 1 });
  expectInteger('rows.length', rows.length, { min: 1 });
  rows.forEach(({ images, strengths }, i) => {
    expectImages(`rows[${i}].images`, images);
    expectInteger(`rows[${i}].images.count`, images.count, { min: 1 });
    if (strengths.length !== images.count)
      throw new InputError(
        `Expected rows[${i}].strengths to hold ${images.count} texts, one an image, got ${strengths.length}`,
      );
  });
  const { columns = rows.length > 8 ? 2 : 1 } = options;
  expectInteger('columns', columns, { min: 1 });
  const layout = { size: tileSize(original, 64), labelWidth: 88 };
  const across = Math.max(...rows.map(({ images }) => images.count));
  const bandWidth = tilesWidth(across, layout);
  const perBand = Math.ceil((rows.length + 1) / columns);
  const { body, palette, close } = openFigure(options, {
    title: 'Augmentation, step by step',
    subtitle: 'Each step alone, at several strengths.',
    description: `An image of ${original.name} and what ${countOf(rows.length, 'step')} of augmentation make of it: ${rows.map(({ step }) => step).join(', ')}.`,
    width: columns * (bandWidth + SPACE) - SPACE,
  });
  const rowOf = (name: string, images: Images, captions: readonly string[]): TileRow => ({
    labels: [{ text: name, bold: true, color: palette.ink }],
    tiles: captions.map((text, i): Tile => ({ raster: imageRaster(images, i), captions: [{ text }] })),
  });
  const all = [
    rowOf('original', original, ['']),
    ...rows.map(({ step, images, strengths }) => rowOf(step, images, strengths)),
  ];
  const heights = Array.from({ length: columns }, (_, band) => {
    const group = draw(body, 'g', { transform: `translate(${band * (bandWidth + SPACE)},0)` });
    return drawTiles(group, all.slice(band * perBand, (band + 1) * perBand), { ...layout, palette });
  });
  return close(Math.max(...heights));
}
