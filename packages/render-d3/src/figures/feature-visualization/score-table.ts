import {
  expectLength,
  expectRecord,
  expectOptions,
  type OptimizedImage,
  type OptionNames,
  type ScoreTable,
} from '@convlens/core';
import { format } from 'd3-format';
import { renderFramedRaster } from '../../charts/framed-raster.js';
import { layoutMatrix, renderMatrix, type Matrix, type MatrixLayout } from '../../charts/matrix.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { dashIfNaN, formatWholePercent } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { argMax, symmetricExtent } from '../../drawing/numbers.js';
import { appendGroup, type Mark } from '../../drawing/svg.js';
import { optimizedImageRaster, resolveToneMapping, type ToneMapping } from './tone-mapping.js';

export interface ScoreTableOptions extends FigureOptions {
  /** The images of the rows, in their order, shown before the rows; default: none. */
  readonly images?: readonly OptimizedImage[];
  /** How pixels become colors; default: 'standardized' if any image leaves 0..255, else 'clipped'. */
  readonly toneMapping?: ToneMapping;
}

const SCORE_TABLE_OPTIONS: OptionNames<ScoreTableOptions> = {
  ...FIGURE_OPTIONS,
  images: true,
  toneMapping: true,
};

/** One decimal is enough to compare logits. */
const formatLogit = dashIfNaN(format('.1f'));
/** Between the images of neighboring rows, in pixels. */
const GAP = 10;

function matrixOf({ names, classNames, values, score }: ScoreTable): Matrix {
  const valueAt = (row: number, column: number) => values[row * classNames.length + column];
  const formatScore = score === 'probability' ? formatWholePercent : formatLogit;
  const { high } = symmetricExtent(values);
  return {
    rows: names,
    columns: classNames,
    rowAxisLabel: 'image',
    columnAxisLabel: 'class',
    isBlue: (row, column) => valueAt(row, column) >= 0,
    opacity: (row, column) => Math.abs(valueAt(row, column)) / (high || 1),
    cellText: (row, column) => formatScore(valueAt(row, column)),
    tooltip: (row, column) => `${names[row]}, ${classNames[column]}: ${formatScore(valueAt(row, column))}`,
  };
}

/** "cat: highest for cat." for every row. */
function describeScores({ names, classNames, values }: ScoreTable): string {
  const n = classNames.length;
  const highestOf = (row: number) => classNames[argMax(values.subarray(row * n, (row + 1) * n))] ?? 'none';
  return names.map((name, row) => `${name}: highest for ${highestOf(row)}.`).join(' ');
}

function renderImages(
  body: Mark,
  images: readonly OptimizedImage[],
  { top, cell }: MatrixLayout,
  tone: ToneMapping,
) {
  images.forEach((image, row) => {
    const box = { x: 0, y: top + row * cell + GAP / 2, width: cell - GAP, height: cell - GAP };
    renderFramedRaster(body, optimizedImageRaster(image, tone), box);
  });
}

/** The scores of images, such as optimized ones: one row per image, one column per class. */
export function scoreTable(scores: ScoreTable, options: ScoreTableOptions = {}): SVGSVGElement {
  expectOptions('scoreTable', options, SCORE_TABLE_OPTIONS);
  expectRecord('ScoreTable', 'record', scores);
  const { names, classNames, values, score } = scores;
  const { images = [] } = options;
  expectNonEmpty(names, 'image');
  const size = `${names.length} x ${classNames.length}`;
  expectLength('values', values, names.length * classNames.length, `values, ${size}`);
  if (images.length) expectLength('images', images, names.length, 'images, one per row');
  const toneMapping = resolveToneMapping(images, options.toneMapping);
  const layout = layoutMatrix({ rows: names, columns: classNames });
  const imagesWidth = images.length ? layout.cell : 0;
  const heading = {
    title: 'Class scores',
    subtitle:
      `${score === 'probability' ? 'Probability' : 'Logit'} of each class. ` +
      'Tint: magnitude; blue: positive, orange: negative.',
    description: describeScores(scores),
    width: imagesWidth + layout.left + layout.width + layout.overhang,
  };
  return renderFigure(options, heading, (body) => {
    renderImages(body, images, layout, toneMapping);
    renderMatrix(appendGroup(body, { x: imagesWidth }), matrixOf(scores), layout);
    return layout.top + layout.height;
  });
}
