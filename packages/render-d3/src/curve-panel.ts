import type { EpochRecord } from '@convlens/core';
import { formatAccuracy, formatValue } from './format.js';
import type { LearningRateCut } from './history.js';
import {
  domainOf,
  drawLinePanel,
  PANEL_BOTTOM,
  PANEL_HEIGHT,
  PANEL_LEFT,
  PANEL_TOP,
  type Line,
  type Scales,
} from './line-panel.js';
import { roomFor } from './measure.js';
import { rangeOf } from './numbers.js';
import { draw, hint, rule, write, type Mark } from './svg.js';

/** One measure of a training, as it is drawn. */
export interface CurveMeasure {
  readonly name: string;
  readonly unit: string;
  readonly train: 'loss' | 'accuracy';
  readonly validation: 'valLoss' | 'valAccuracy';
  readonly format: (value: number) => string;
}

/** What every training measures. */
export const CURVE_MEASURES: readonly CurveMeasure[] = [
  { name: 'Loss', unit: 'cross-entropy', train: 'loss', validation: 'valLoss', format: formatValue },
  {
    name: 'Accuracy',
    unit: 'share of images',
    train: 'accuracy',
    validation: 'valAccuracy',
    format: formatAccuracy,
  },
];

/** A measure by epoch, counted from 1; epochs without it are left out. */
export const pointsOf = (
  history: readonly EpochRecord[],
  key: CurveMeasure['train' | 'validation'],
): [number, number][] =>
  history.flatMap((record) => (record[key] === undefined ? [] : [[record.epoch + 1, record[key]]]));

const rateText = (rate: number) =>
  rate
    .toExponential()
    .replace('e+0', '')
    .replace('-', '−')
    .replace(/(\.\d\d)\d+/, '$1');

function drawCuts(parent: Mark, cuts: readonly LearningRateCut[], x: Scales['x']) {
  const right = x.range()[1];
  let taken = -Infinity;
  for (const { epoch, learningRate } of cuts) {
    const mark = draw(parent, 'g');
    const text = rateText(learningRate);
    hint(mark, `from epoch ${epoch + 1}: learning rate ${text}`);
    const at = x(epoch + 1);
    rule(mark, [at, PANEL_TOP, at, PANEL_BOTTOM], {
      stroke: 'event',
      'stroke-width': 1.25,
      'stroke-dasharray': '2 3',
    });
    const half = roomFor(text, { size: 10 }) / 2;
    const middle = Math.min(at, right - half);
    if (middle - half < taken) continue;
    taken = middle + half + 6;
    const place = { x: middle, y: PANEL_TOP - 5, 'font-size': 10, 'text-anchor': 'middle' };
    write(mark, text, { ...place, fill: 'event' });
  }
}

/** One measure by epoch: axes, lines, the marks of events and the line of the test; returns the height in pixels. */
export function drawCurvePanel(
  parent: Mark,
  panel: CurveMeasure & {
    readonly lines: readonly Line[];
    readonly width: number;
    readonly test?: number;
    readonly cuts?: readonly LearningRateCut[];
  },
): number {
  const { lines, train, test, format, width, cuts = [] } = panel;
  const text = test === undefined ? '' : `test ${format(test)}`;
  const right = width - (text ? roomFor(text, { size: 10.5, bold: true }) + 11 : 8);
  const points = lines.flatMap((line) => line.points);
  const values = [test, ...points.map(([, value]) => value)];
  const [low, high] = domainOf(values);
  const epochs = points.map(([epoch]) => epoch);
  const span = rangeOf(epochs.length ? epochs : [1, 2]);
  const half = span.low < span.high ? 0 : 0.5;
  const isShare = train === 'accuracy';
  const { x, y } = drawLinePanel(parent, {
    ...panel,
    right,
    x: { domain: [span.low - half, span.high + half], label: 'epoch' },
    // The margin does not go where no value can: above an accuracy of 1, or below 0 unless a loss is below it.
    y: {
      domain: [
        values.some((value) => value! < 0) ? low : Math.max(0, low),
        isShare ? Math.min(1, high) : high,
      ],
      ticks: isShare ? '%' : undefined,
      format,
    },
  });
  drawCuts(parent, cuts, x);
  if (test !== undefined) {
    rule(parent, [PANEL_LEFT, y(test), right, y(test)], {
      stroke: 'test',
      'stroke-width': 1.5,
      'stroke-dasharray': '5 3',
    });
    const style = { 'font-size': 10.5, 'font-weight': 600, fill: 'test' };
    write(parent, text, { x: right + 9, y: y(test) + 3.5, ...style });
  }
  return PANEL_HEIGHT;
}
