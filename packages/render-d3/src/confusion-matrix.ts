import { InputError, type ConfusionMatrix } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatShare } from './format.js';
import { fitText, roomFor } from './measure.js';
import { rasterOf } from './raster.js';
import { draw, hint, turn, write } from './svg.js';
import { drawRaster } from './tiles.js';

/** Beyond so many classes the cells hold no numbers. */
const MOST_NUMBERS = 20;
/** Blue where the prediction is right, orange where it is wrong: on a light and on a dark ground. */
const RIGHT = [47, 118, 214];
const WRONG = [224, 98, 24];
const SLANT = 45;

/** How much a cell is tinted: the square root of its share of the row, so that a few mistakes in a hundred are seen. */
const tint = (share: number) => Math.sqrt(share);

const ratio = (part: number, whole: number) => (whole ? formatShare(part / whole) : '–');

/** Which classes are taken for which: a row a true class, a column a predicted one. */
export function confusionMatrix(record: ConfusionMatrix, options: FigureOptions = {}): SVGSVGElement {
  const { classNames, counts } = record;
  const n = classNames.length;
  if (!n || counts.length !== n * n)
    throw new InputError(`Expected counts to hold ${n * n} values, ${n} x ${n}, got ${counts.length}`);
  const rows = classNames.map((_, t) =>
    counts.subarray(t * n, (t + 1) * n).reduce((sum, count) => sum + count, 0),
  );
  const columns = classNames.map((_, p) => classNames.reduce((sum, _name, t) => sum + counts[t * n + p], 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  const right = classNames.reduce((sum, _, c) => sum + counts[c * n + c], 0);
  const hasNumbers = n <= MOST_NUMBERS;
  const cell = hasNumbers ? 46 : Math.max(8, Math.floor(900 / n));
  const size = Math.min(11, cell);
  const labels = classNames.map((name) => fitText(name, 130, { size }));
  const widest = Math.max(...labels.map((label) => roomFor(label, { size })));
  const labelWidth = widest + 10;
  const left = labelWidth + 18;
  const slanted = widest > cell - 4;
  const top = (slanted ? labelWidth * (hasNumbers ? Math.SQRT1_2 : 1) + 6 : 18) + 18;
  const side = n * cell;
  const tail = hasNumbers ? 62 : slanted ? labelWidth * 0.2 : 0;
  const { body, palette, close } = openFigure(options, {
    title: 'Confusion matrix',
    subtitle:
      `${countOf(total, 'image')}, ${ratio(right, total)} right. Tint: square root of the share of the true class; ` +
      'blue right, orange wrong.',
    description: `${right} of ${total} images are right. ${worst(record)}`,
    width: left + side + tail,
  });

  const bytes = Uint8Array.from({ length: n * n * 4 });
  counts.forEach((count, i) => {
    const row = Math.floor(i / n);
    const alpha = rows[row] ? Math.round(tint(count / rows[row]) * 255) : 0;
    bytes.set([...(row === i % n ? RIGHT : WRONG), alpha], i * 4);
  });
  drawRaster(body, rasterOf(bytes, { width: n, height: n, channels: 4 }), {
    x: left,
    y: top,
    width: side,
    height: side,
  });
  const label = (text: string, attributes: Record<string, string | number>) =>
    write(body, text, { 'font-size': size, fill: palette.ink, ...attributes });
  const head = { 'font-size': 11, 'text-anchor': 'middle', fill: palette.muted };
  label('predicted class', { ...head, x: left + side / 2, y: 10 });
  label('true class', {
    ...head,
    x: 10,
    y: top + side / 2,
    transform: turn(-90, { x: 10, y: top + side / 2 }),
  });
  labels.forEach((text, c) => {
    const middle = (c + 0.5) * cell;
    label(text, { x: left - 8, y: top + middle + size * 0.35, 'text-anchor': 'end' });
    const x = left + middle + (slanted ? (hasNumbers ? 0 : size * 0.35) : 0);
    const angle = hasNumbers ? SLANT : 90;
    if (slanted) label(text, { x, y: top - 7, transform: turn(-angle, { x, y: top - 7 }) });
    else label(text, { x, y: top - 7, 'text-anchor': 'middle' });
  });
  for (let i = 0; i <= n && hasNumbers; i++) {
    const at = i * cell;
    draw(body, 'line', { x1: left, x2: left + side, y1: top + at, y2: top + at, stroke: palette.grid });
    draw(body, 'line', { x1: left + at, x2: left + at, y1: top, y2: top + side, stroke: palette.grid });
  }
  draw(body, 'rect', { x: left, y: top, width: side, height: side, fill: 'none', stroke: palette.axis });
  if (!hasNumbers) return close(top + side);

  counts.forEach((count, i) => {
    const [t, p] = [Math.floor(i / n), i % n];
    const share = rows[t] ? count / rows[t] : 0;
    const attributes = { x: left + (p + 0.5) * cell, y: top + (t + 0.5) * cell + 4, 'text-anchor': 'middle' };
    // White on a strong tint, whatever the theme.
    const fill = count === 0 ? palette.axis : tint(share) > 0.62 ? '#fffffe' : palette.ink;
    const group = draw(body, 'g');
    write(group, String(count), { ...attributes, 'font-size': count > 99999 ? 9 : 11, fill });
    hint(group, `${classNames[t]} taken for ${classNames[p]}: ${count} (${ratio(count, rows[t])})`);
  });
  label('recall', { ...head, x: left + side + 34, y: top - 7 });
  label('precision', { ...head, 'text-anchor': 'end', x: left - 8, y: top + side + 20 });
  classNames.forEach((_, c) => {
    const own = counts[c * n + c];
    const attributes = { 'text-anchor': 'middle', fill: palette.muted, 'font-size': 10.5 };
    label(ratio(own, rows[c]), { ...attributes, x: left + side + 34, y: top + (c + 0.5) * cell + 4 });
    label(ratio(own, columns[c]), { ...attributes, x: left + (c + 0.5) * cell, y: top + side + 20 });
  });
  return close(top + side + 24);
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
