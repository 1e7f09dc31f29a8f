import {
  expectLength,
  expectRecord,
  expectOptions,
  formatCount,
  formatPercent,
  type ConfusionMatrix,
} from '@convlens/core';
import { layoutMatrix, renderMatrix, type Matrix, type MatrixLayout } from '../../charts/matrix.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { appendText, type Mark } from '../../drawing/svg.js';

/** The width of the column of recalls in pixels. */
const RECALL_WIDTH = 62;

const ratio = (part: number, whole: number) => formatPercent(part / whole, 1);

/** The sums of a confusion matrix. */
interface Totals {
  /** The number of images of each true class, and of each predicted class. */
  readonly byLabel: readonly number[];
  readonly byPrediction: readonly number[];
  readonly correct: readonly number[];
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

function totalsOf({ classNames, counts }: ConfusionMatrix): Totals {
  const n = classNames.length;
  const column = (predicted: number) => classNames.map((_, label) => counts[label * n + predicted]);
  return {
    byLabel: classNames.map((_, label) => sum(counts.subarray(label * n, (label + 1) * n))),
    byPrediction: classNames.map((_, predicted) => sum(column(predicted))),
    correct: classNames.map((_, c) => counts[c * n + c]),
  };
}

function matrixOf({ classNames, counts }: ConfusionMatrix, { byLabel }: Totals): Matrix {
  const countOf = (label: number, predicted: number) => counts[label * classNames.length + predicted];
  return {
    rows: classNames,
    columns: classNames,
    rowAxisLabel: 'true class',
    columnAxisLabel: 'predicted class',
    isBlue: (label, predicted) => label === predicted,
    // The square root makes a few mistakes in a hundred visible.
    opacity: (label, predicted) => Math.sqrt(countOf(label, predicted) / byLabel[label]),
    cellText: (label, predicted) => String(countOf(label, predicted)),
    tooltip(label, predicted) {
      const count = countOf(label, predicted);
      const names = `${classNames[label]} predicted as ${classNames[predicted]}`;
      return `${names}: ${count} (${ratio(count, byLabel[label])})`;
    },
    isFaint: (label, predicted) => countOf(label, predicted) === 0,
  };
}

/** Renders recall to the right of the matrix and precision below. */
function renderRecallAndPrecision(
  body: Mark,
  { byLabel, byPrediction, correct }: Totals,
  layout: MatrixLayout,
): void {
  const { left, top, cell, width, height, overhang } = layout;
  const recallX = left + width + 34;
  const precisionY = top + height + 20;
  // Slanted labels take the space above the recalls.
  const recallLabelY = overhang ? precisionY : top - 7;
  appendText(body, 'recall', { x: recallX, y: recallLabelY, 'text-anchor': 'middle' });
  appendText(body, 'precision', { x: left - 8, y: precisionY, 'text-anchor': 'end' });
  correct.forEach((count, c) => {
    const middle = (c + 0.5) * cell;
    const style = { 'font-size': 10.5, 'text-anchor': 'middle' };
    appendText(body, ratio(count, byLabel[c]), { ...style, x: recallX, y: top + middle + 4 });
    appendText(body, ratio(count, byPrediction[c]), { ...style, x: left + middle, y: precisionY });
  });
}

/** The number of images by true class (row) and predicted class (column), with recall and precision. */
export function confusionMatrix(record: ConfusionMatrix, options: FigureOptions = {}): SVGSVGElement {
  expectOptions('confusionMatrix', options, FIGURE_OPTIONS);
  expectRecord('ConfusionMatrix', 'record', record);
  const { classNames, counts } = record;
  const n = classNames.length;
  expectNonEmpty(classNames, 'class');
  expectLength('counts', counts, n * n, `values, ${n} x ${n}`);
  const totals = totalsOf(record);
  const count = sum(totals.byLabel);
  const layout = layoutMatrix({ rows: classNames, columns: classNames, footer: 'precision' });
  const { left, top, hasText, width, height, overhang } = layout;
  const heading = {
    title: 'Confusion matrix',
    subtitle:
      `${formatCount(count, 'image')}, accuracy ${ratio(sum(totals.correct), count)}. ` +
      'Tint: square root of the row fraction; blue: correct, orange: wrong.',
    description: mostFrequentMistake(record),
    width: left + width + Math.max(overhang, hasText ? RECALL_WIDTH : 0),
  };
  return renderFigure(options, heading, (body) => {
    renderMatrix(body, matrixOf(record, totals), layout);
    if (!hasText) return top + height;
    renderRecallAndPrecision(body, totals, layout);
    return top + height + 24;
  });
}

/** The most frequent mistake in a sentence; the first of equally frequent ones. */
function mostFrequentMistake({ classNames, counts }: ConfusionMatrix): string {
  const n = classNames.length;
  let highest = -1;
  counts.forEach((count, i) => {
    if (Math.floor(i / n) !== i % n && count > (counts[highest] ?? 0)) highest = i;
  });
  if (highest < 0) return 'No mistakes.';
  const names = `${classNames[Math.floor(highest / n)]} predicted as ${classNames[highest % n]}`;
  return `The most frequent mistake is ${names}, ${formatCount(counts[highest], 'time')}.`;
}
