import type { ConfusionMatrix } from '@convlens/core';
import { expectLength, expectSome } from './checks.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatShare } from './format.js';
import { drawMatrix, placeMatrix } from './matrix.js';
import { write } from './svg.js';

/** Of the column of recalls. */
const RECALL = 62;

const ratio = (part: number, whole: number) => formatShare(part / whole);

/** Which classes are taken for which: a row a true class, a column a predicted one. */
export function confusionMatrix(record: ConfusionMatrix, options: FigureOptions = {}): SVGSVGElement {
  const { classNames, counts } = record;
  const n = classNames.length;
  expectSome(classNames, 'class');
  expectLength('counts', counts, n * n, `values, ${n} x ${n}`);
  const rows = classNames.map((_, t) =>
    counts.subarray(t * n, (t + 1) * n).reduce((sum, count) => sum + count, 0),
  );
  const columns = classNames.map((_, p) => classNames.reduce((sum, _name, t) => sum + counts[t * n + p], 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  const right = classNames.reduce((sum, _, c) => sum + counts[c * n + c], 0);
  const place = placeMatrix({ rows: classNames, columns: classNames });
  const { left, top, cell, hasTexts, width, height, tail } = place;
  const heading = {
    title: 'Confusion matrix',
    subtitle:
      `${countOf(total, 'image')}, ${ratio(right, total)} right. Tint: square root of the share of the true class; ` +
      'blue right, orange wrong.',
    description: worst(record),
    width: left + width + Math.max(tail, hasTexts ? RECALL : 0),
  };
  const matrix = {
    rows: classNames,
    columns: classNames,
    rowsAre: 'true class',
    columnsAre: 'predicted class',
    isBlue: (t: number, p: number) => t === p,
    // The square root, so that a few mistakes in a hundred are seen.
    strength: (t: number, p: number) => Math.sqrt(counts[t * n + p] / rows[t]),
    text: (t: number, p: number) => String(counts[t * n + p]),
    hint: (t: number, p: number) =>
      `${classNames[t]} taken for ${classNames[p]}: ${counts[t * n + p]} (${ratio(counts[t * n + p], rows[t])})`,
    isFaint: (t: number, p: number) => counts[t * n + p] === 0,
  };
  return drawFigure(options, heading, (body) => {
    drawMatrix(body, matrix, place);
    if (!hasTexts) return top + height;
    const [right, below] = [left + width + 34, top + height + 20];
    write(body, 'recall', { x: right, y: tail ? below : top - 7, 'text-anchor': 'middle' });
    write(body, 'precision', { x: left - 8, y: below, 'text-anchor': 'end' });
    classNames.forEach((_, c) => {
      const own = counts[c * n + c];
      const middle = (c + 0.5) * cell;
      const style = { 'font-size': 10.5, 'text-anchor': 'middle' };
      write(body, ratio(own, rows[c]), { ...style, x: right, y: top + middle + 4 });
      write(body, ratio(own, columns[c]), { ...style, x: left + middle, y: below });
    });
    return top + height + 24;
  });
}

/** The commonest mistake, in words; of equal ones the first. */
function worst({ classNames, counts }: ConfusionMatrix): string {
  const n = classNames.length;
  let most = -1;
  counts.forEach((count, i) => {
    if (Math.floor(i / n) !== i % n && count > (counts[most] ?? 0)) most = i;
  });
  if (most < 0) return 'There is no mistake.';
  const names = `${classNames[Math.floor(most / n)]} taken for ${classNames[most % n]}`;
  return `The commonest mistake is ${names}, ${countOf(counts[most], 'time')}.`;
}
