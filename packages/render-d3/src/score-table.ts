import type { OptimizedImage, ScoreTable } from '@convlens/core';
import { format } from 'd3-format';
import { expectLength, expectSome } from './checks.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { formatPercent, known } from './format.js';
import { drawMatrix, placeMatrix } from './matrix.js';
import { madeRaster, toneFor, type Tone } from './optimized-image-grid.js';
import { highestOf, signedRangeOf } from './numbers.js';
import { group } from './svg.js';
import { drawPicture } from './tiles.js';

export interface ScoreTableOptions extends FigureOptions {
  /** The images that the rows are of, in their order: drawn before them. */
  readonly images?: readonly OptimizedImage[];
  /** Of the images; see OptimizedImageGridOptions. */
  readonly tone?: Tone;
}

/** Scores before a softmax are compared, not read to the last digit. */
const formatLogit = known(format('.1f'));
const GAP = 10;

/** The scores that a network gives to images, such as those made for each class: a row an image, a column a class. */
export function scoreTable(scores: ScoreTable, options: ScoreTableOptions = {}): SVGSVGElement {
  const { names, classNames, values, score } = scores;
  const n = classNames.length;
  const { images = [] } = options;
  expectSome(names, 'image');
  expectLength('values', values, names.length * n, `values, ${names.length} x ${n}`);
  if (images.length) expectLength('images', images, names.length, 'images, one a row');
  const at = (row: number, column: number) => values[row * n + column];
  const reach = signedRangeOf(values).high || 1;
  const highest = names.map((_, row) => classNames[highestOf(values.subarray(row * n, (row + 1) * n))]);
  const place = placeMatrix({ rows: names, columns: classNames });
  const shift = images.length ? place.cell : 0;
  const text = (value: number) => (score === 'probability' ? formatPercent(value) : formatLogit(value));
  const heading = {
    title: 'What the network says of these images',
    subtitle: `${score === 'probability' ? 'Probability' : 'Score before the softmax'} of each class. Tint: how far from zero; blue above, orange below.`,
    description: names.map((name, row) => `${name}: highest for ${highest[row] ?? 'none'}.`).join(' '),
    width: shift + place.left + place.width + place.tail,
  };
  const matrix = {
    rows: names,
    columns: classNames,
    rowsAre: 'image',
    columnsAre: 'class',
    isBlue: (row: number, column: number) => at(row, column) >= 0,
    strength: (row: number, column: number) => Math.abs(at(row, column)) / reach,
    text: (row: number, column: number) => text(at(row, column)),
    hint: (row: number, column: number) => `${names[row]}, ${classNames[column]}: ${text(at(row, column))}`,
  };
  return drawFigure(options, heading, (body) => {
    const tone = toneFor(images, options.tone);
    const side = place.cell - GAP;
    images.forEach((image, row) => {
      const y = place.top + row * place.cell + GAP / 2;
      drawPicture(body, madeRaster(image, tone), { x: 0, y, width: side, height: side });
    });
    drawMatrix(group(body, { x: shift }), matrix, place);
    return place.top + place.height;
  });
}
