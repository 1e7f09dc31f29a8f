import { expectImages, expectInteger, type Images } from '@convlens/core';
import { expectCount, expectLength } from './checks.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf } from './format.js';
import { imageRaster } from './raster.js';
import { group } from './svg.js';
import { drawTiles, inRows, placeTiles, tileSize, type TileBand } from './tiles.js';

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
  expectCount('rows.length', rows.length);
  rows.forEach(({ images, strengths }, i) => {
    expectImages(`rows[${i}].images`, images);
    expectCount(`rows[${i}].images.count`, images.count);
    expectLength(`rows[${i}].strengths`, strengths, images.count, 'texts, one an image');
  });
  const { columns = rows.length > 8 ? 2 : 1 } = options;
  expectCount('columns', columns);
  const layout = { size: tileSize(original, 64), labelWidth: 88 };
  const all = [{ step: 'original', images: original, strengths: [''] }, ...rows].map(
    ({ step, images, strengths }): TileBand => ({
      labels: [{ text: step, bold: true }],
      tiles: strengths.map((text, i) => ({ raster: imageRaster(images, i), captions: [{ text }] })),
    }),
  );
  const places = inRows(all, Math.ceil(all.length / columns)).map((bands) => placeTiles(bands, layout));
  const pitch = Math.max(...places.map(({ width }) => width)) + SPACE;
  const heading = {
    title: 'Augmentation, step by step',
    subtitle: 'Each step alone, at several strengths.',
    description: `An image of ${original.name} and ${countOf(rows.length, 'step')}: ${rows.map(({ step }) => step).join(', ')}.`,
    width: places.length * pitch - SPACE,
  };
  return drawFigure(options, heading, (body) =>
    Math.max(...places.map((place, i) => drawTiles(group(body, { x: i * pitch }), place))),
  );
}
