import type { EpochRecord } from '@convlens/core';
import { formatAccuracy, formatValue } from './format.js';
import type { LearningRateCut } from './history.js';
import {
  domainOf,
  drawLine,
  drawLinePanel,
  drawPlaces,
  PANEL_BOTTOM,
  PANEL_TOP,
  spanOf,
  type Scales,
} from './line-panel.js';
import { roomFor } from './measure.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';

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

export interface CurvePanel extends CurveMeasure {
  readonly test?: number;
  readonly history: readonly EpochRecord[];
  readonly cuts: readonly LearningRateCut[];
  readonly best?: EpochRecord;
  readonly palette: Palette;
  readonly width: number;
}

const rateText = (rate: number) =>
  rate
    .toExponential()
    .replace('e+0', '')
    .replace('-', '−')
    .replace(/(\.\d\d)\d+/, '$1');

function drawCuts(
  parent: Mark,
  { cuts, palette, x, right }: CurvePanel & Pick<Scales, 'x'> & { right: number },
) {
  let taken = -Infinity;
  for (const { epoch, learningRate } of cuts) {
    const mark = draw(parent, 'g');
    hint(mark, `from epoch ${epoch + 1}: learning rate ${rateText(learningRate)}`);
    const at = x(epoch + 1);
    draw(mark, 'line', {
      x1: at,
      x2: at,
      y1: PANEL_TOP,
      y2: PANEL_BOTTOM,
      stroke: palette.event,
      'stroke-width': 1.25,
      'stroke-dasharray': '2 3',
    });
    const text = rateText(learningRate);
    const half = roomFor(text, { size: 10 }) / 2;
    const middle = Math.min(at, right - half);
    if (middle - half < taken) continue;
    taken = middle + half + 6;
    const attributes = { x: middle, y: PANEL_TOP - 5, 'font-size': 10, 'text-anchor': 'middle' };
    write(mark, text, { ...attributes, fill: palette.event });
  }
}

/** The ends of the axis of a measure: an accuracy is at most 1, and neither is below 0. */
export function measureDomain(
  measure: CurveMeasure,
  values: readonly (number | undefined)[],
): [number, number] {
  const [low, high] = domainOf(values);
  return [Math.max(0, low), measure.train === 'accuracy' ? Math.min(1, high) : high];
}

/** One measure by epoch: axes, the marks of events, the curves of training and validation, the line of the test. */
export function drawCurvePanel(parent: Mark, panel: CurvePanel): void {
  const { history, palette, train, validation, test, format, width, best } = panel;
  const testText = test === undefined ? '' : `test ${format(test)}`;
  const right = width - (test === undefined ? 8 : roomFor(testText, { size: 10.5, bold: true }) + 11);
  const epochs = history.map(({ epoch }) => epoch + 1);
  const scales = drawLinePanel(parent, {
    ...panel,
    right,
    x: { domain: spanOf(epochs), label: 'epoch' },
    y: {
      domain: measureDomain(
        panel,
        history.flatMap((record) => [record[train], record[validation]]).concat(test),
      ),
      format: train === 'accuracy' ? '%' : undefined,
    },
  });
  const { x, y } = scales;
  drawCuts(parent, { ...panel, x, right });
  if (test !== undefined) {
    const attributes = { stroke: palette.test, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
    draw(parent, 'line', { x1: x.range()[0], x2: right, y1: y(test), y2: y(test), ...attributes });
    const style = { 'font-size': 10.5, 'font-weight': 600, fill: palette.test };
    write(parent, testText, { x: right + 9, y: y(test) + 3.5, ...style });
  }
  for (const [key, color] of [
    [train, palette.train],
    [validation, palette.validation],
  ] as const) {
    const known = history.filter((record) => record[key] !== undefined);
    const points = known.map((record) => [record.epoch + 1, record[key]!] as const);
    drawLine(parent, points, {
      ...scales,
      color,
      hintOf: (epoch, value) => `epoch ${epoch}: ${format(value)}`,
    });
  }
  drawPlaces(parent, epochs, {
    x,
    hintOf: (epoch, i) => {
      const own = history[i][validation];
      return `epoch ${epoch}: training ${format(history[i][train])}${own === undefined ? '' : `, validation ${format(own)}`}`;
    },
  });
  const kept = best?.[validation] ?? best?.[train];
  if (!best || kept === undefined || !Number.isFinite(kept)) return;
  const ring = draw(parent, 'circle', {
    cx: x(best.epoch + 1),
    cy: y(kept),
    r: 4.5,
    fill: best[validation] === undefined ? palette.train : palette.validation,
    stroke: palette.ink,
    'stroke-width': 2,
  });
  hint(ring, `best epoch ${best.epoch + 1}: ${format(kept)}`);
}
