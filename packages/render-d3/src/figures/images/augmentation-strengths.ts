import {
  expectLength,
  expectList,
  expectImages,
  expectInteger,
  expectOptions,
  formatCount,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { chunkRows, layoutTiles, renderTiles, tileSize, type TileBand } from '../../charts/tiles.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { expectCount } from '../../drawing/guards.js';
import { imageRaster } from '../../drawing/raster.js';
import { appendGroup } from '../../drawing/svg.js';

/** One augmentation step, applied alone at several strengths. */
export interface StrengthRow {
  /** The name of the step. */
  readonly step: string;
  /** The augmented image, once per strength. */
  readonly images: Images;
  /** The captions, one per image, such as "15°". */
  readonly strengths: readonly string[];
}

export interface AugmentationStrengthsOptions extends FigureOptions {
  /** The number of steps side by side, >= 1; default: 2 for more than eight steps, else 1. */
  readonly columns?: number;
}

const AUGMENTATION_STRENGTHS_OPTIONS: OptionNames<AugmentationStrengthsOptions> = {
  ...FIGURE_OPTIONS,
  columns: true,
};

const COLUMN_GAP = 28;

function expectRows(rows: readonly StrengthRow[]): void {
  expectList('rows', rows, (name, row) => {
    const { images, strengths } = (row ?? {}) as StrengthRow;
    expectImages(`${name}.images`, images);
    expectCount(`${name}.images.count`, images.count);
    expectLength(`${name}.strengths`, strengths, images.count, 'texts, one per image');
  });
  expectCount('rows.length', rows.length);
}

/** One image and what each augmentation step makes of it at several strengths: one row per step. */
export function augmentationStrengths(
  records: { readonly original: Images; readonly rows: readonly StrengthRow[] },
  options: AugmentationStrengthsOptions = {},
): SVGSVGElement {
  expectOptions('augmentationStrengths', options, AUGMENTATION_STRENGTHS_OPTIONS);
  expectImages('original', records?.original);
  const { original, rows } = records;
  expectInteger('original.count', original.count, { min: 1, max: 1 });
  expectRows(rows);
  const columns = expectCount('columns', options.columns ?? (rows.length > 8 ? 2 : 1));
  const layout = { size: tileSize(original, 64), labelWidth: 88 };
  const bands = [{ step: 'original', images: original, strengths: [''] }, ...rows].map(
    ({ step, images, strengths }): TileBand => ({
      labels: [{ text: step, bold: true }],
      tiles: strengths.map((text, i) => ({ raster: imageRaster(images, i), captions: [{ text }] })),
    }),
  );
  const grids = chunkRows(bands, Math.ceil(bands.length / columns)).map((column) =>
    layoutTiles(column, layout),
  );
  const columnWidth = Math.max(...grids.map(({ width }) => width)) + COLUMN_GAP;
  const steps = rows.map(({ step }) => step).join(', ');
  const heading = {
    title: 'Augmentation steps',
    subtitle: 'Each step applied alone, at several strengths.',
    description: `An image of ${original.name} and ${formatCount(rows.length, 'step')}: ${steps}.`,
    width: grids.length * columnWidth - COLUMN_GAP,
  };
  return renderFigure(options, heading, (body) =>
    Math.max(...grids.map((grid, i) => renderTiles(appendGroup(body, { x: i * columnWidth }), grid))),
  );
}
