import { InputError, type OptimizedImage, type ScoreTable } from '@convlens/core';
import { format } from 'd3-format';
import { openFigure, type FigureOptions } from './figure.js';
import { formatPercent } from './format.js';
import { drawMatrix, placeMatrix } from './matrix.js';
import { madeRaster, toneFor, type Tone } from './optimized-image-grid.js';
import { draw } from './svg.js';
import { drawBorder, drawRaster } from './tiles.js';

export interface ScoreTableOptions extends FigureOptions {
  /** The images that the rows are of, in their order: drawn before them. */
  readonly images?: readonly OptimizedImage[];
  /** Of the images; see OptimizedImageGridOptions. */
  readonly tone?: Tone;
}

/** Scores before a softmax are compared, not read to the last digit. */
const formatLogit = format('.1f');
/** Blue for high scores, orange for those below zero. */
const HIGH = [47, 118, 214] as const;
const LOW = [224, 98, 24] as const;
const GAP = 10;

/** The scores that a network gives to images, such as those made for each class: a row an image, a column a class. */
export function scoreTable(scores: ScoreTable, options: ScoreTableOptions = {}): SVGSVGElement {
  const { names, classNames, values, score } = scores;
  const n = classNames.length;
  const { images = [] } = options;
  if (!names.length || values.length !== names.length * n)
    throw new InputError(
      `Expected values to hold ${names.length * n} values, ${names.length} x ${n}, got ${values.length}`,
    );
  if (images.length && images.length !== names.length)
    throw new InputError(`Expected images to hold ${names.length}, one a row, got ${images.length}`);
  const at = (row: number, column: number) => values[row * n + column];
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const highest = names.map((_, row) => {
    const own = values.subarray(row * n, (row + 1) * n);
    return own.indexOf(own.reduce((most, value) => Math.max(most, value), -Infinity));
  });
  const place = placeMatrix({ rows: names, columns: classNames });
  const shift = images.length ? place.cell : 0;
  const text = (value: number) => (score === 'probability' ? formatPercent(value) : formatLogit(value));
  const { body, palette, close } = openFigure(options, {
    title: 'What the network says of these images',
    subtitle: `${score === 'probability' ? 'Probability' : 'Score before the softmax'} of each class. Tint: how far from zero; blue above, orange below.`,
    description: names.map((name, row) => `${name}: highest for ${classNames[highest[row]]}.`).join(' '),
    width: shift + place.left + place.width + place.tail,
  });
  const tone = toneFor(images, options.tone);
  images.forEach((image, row) => {
    const side = place.cell - GAP;
    const box = { x: 0, y: place.top + row * place.cell + GAP / 2, width: side, height: side };
    drawRaster(body, madeRaster(image, tone), box);
    drawBorder(body, box, palette.border);
  });
  const table = draw(body, 'g', { transform: shift ? `translate(${shift},0)` : undefined });
  drawMatrix(
    table,
    {
      palette,
      rows: names,
      columns: classNames,
      rowsAre: 'image',
      columnsAre: 'class',
      tint: (row, column) => {
        const value = at(row, column);
        return [...(value < 0 ? LOW : HIGH), Math.round((Math.abs(value) / reach) * 255) || 0];
      },
      text: (row, column) => text(at(row, column)),
      hint: (row, column) => `${names[row]}, ${classNames[column]}: ${text(at(row, column))}`,
      isFaint: () => false,
    },
    place,
  );
  return close(place.top + place.height);
}
