import { divergenceOf, formatPercent, type EpochRecord, type LearningRateCut } from '@convlens/core';
import {
  paddedDomain,
  PANEL_BOTTOM,
  PANEL_HEIGHT,
  PANEL_LEFT,
  PANEL_TOP,
  renderLinePanel,
  type Line,
  type PanelScales,
} from '../../charts/line-panel.js';
import type { ValueScale } from '../../charts/value-scale.js';
import { formatValue } from '../../drawing/format.js';
import { paddedTextWidth } from '../../drawing/measure-text.js';
import { extent } from '../../drawing/numbers.js';
import { append, appendLine, appendText, appendTooltip, type Mark } from '../../drawing/svg.js';

/** A metric of every training run. */
export interface CurveMetric {
  readonly name: string;
  readonly unit: string;
  /** The fields of an EpochRecord. */
  readonly train: 'loss' | 'accuracy';
  readonly validation: 'valLoss' | 'valAccuracy';
  readonly format: (value: number) => string;
}

export const CURVE_METRICS: readonly CurveMetric[] = [
  { name: 'Loss', unit: 'cross-entropy', train: 'loss', validation: 'valLoss', format: formatValue },
  {
    name: 'Accuracy',
    unit: 'fraction of images',
    train: 'accuracy',
    validation: 'valAccuracy',
    format: (accuracy) => formatPercent(accuracy),
  },
];

export interface CurvePanel extends CurveMetric {
  readonly lines: readonly Line[];
  /** In pixels. */
  readonly width: number;
  /** The value on the test set. */
  readonly test?: number;
  readonly cuts?: readonly LearningRateCut[];
  /** The diverged epochs, counted from 1, ascending. */
  readonly diverged?: readonly number[];
  /** The epochs without a loss, counted from 1, ascending. */
  readonly withoutLoss?: readonly number[];
  /** The scale of the loss; default 'linear'. */
  readonly scale?: ValueScale;
  /** What the axis covers; default: all values. */
  readonly domain?: readonly [number, number];
}

type MetricKey = CurveMetric['train' | 'validation'];

/** A metric by epoch, counted from 1; epochs without the metric are omitted. */
export const metricPoints = (history: readonly EpochRecord[], key: MetricKey): [number, number][] =>
  history.flatMap((record) => {
    const value: number | undefined = record[key];
    if (value !== undefined) return [[record.epoch + 1, value]];
    // An epoch without a training loss interrupts the lines; validation may run in some of the epochs only.
    return record.loss === undefined ? [[record.epoch + 1, NaN]] : [];
  });

/** "1.25e−4": at most two decimals. */
const formatLearningRate = (rate: number) =>
  rate
    .toExponential()
    .replace('e+0', '')
    .replace('-', '−')
    .replace(/(\.\d\d)\d+/, '$1');

/** Marks the first epoch with the lower rate. A text that would overlap the one before is omitted. */
function renderCuts(parent: Mark, cuts: readonly LearningRateCut[], x: PanelScales['x']): void {
  const [, right] = x.range();
  let occupied = -Infinity;
  for (const { epoch, to } of cuts) {
    const mark = append(parent, 'g');
    const text = formatLearningRate(to);
    // `epoch` is the last one with the higher rate, 0-based.
    const firstEpoch = epoch + 2;
    appendTooltip(mark, `from epoch ${firstEpoch}: learning rate ${text}`);
    const cutX = x(firstEpoch);
    const style = { stroke: 'event', 'stroke-width': 1.25, 'stroke-dasharray': '2 3' };
    appendLine(mark, [cutX, PANEL_TOP, cutX, PANEL_BOTTOM], style);
    const halfWidth = paddedTextWidth(text, { size: 10 }) / 2;
    const center = Math.min(cutX, right - halfWidth);
    if (center - halfWidth < occupied) continue;
    occupied = center + halfWidth + 6;
    const attributes = { x: center, y: PANEL_TOP - 5, 'font-size': 10, 'text-anchor': 'middle' };
    appendText(mark, text, { ...attributes, fill: 'event' });
  }
}

/** The epochs that are diverged, counted from 1. */
export const divergedEpochs = (history: readonly EpochRecord[]): number[] =>
  history.flatMap((record) => (divergenceOf(record) === undefined ? [] : [record.epoch + 1]));

/** The epochs that have no loss, neither in training nor in validation, counted from 1; those are not diverged. */
export const epochsWithoutLoss = (history: readonly EpochRecord[]): number[] =>
  history.flatMap((record) =>
    (record.loss ?? record.valLoss) === undefined && divergenceOf(record) === undefined
      ? [record.epoch + 1]
      : [],
  );

/** Epochs where lines are interrupted, and why. */
interface EpochMarks {
  readonly epochs: readonly number[];
  readonly text: string;
  readonly color: 'bad' | 'muted';
}

/** The first and the last of consecutive epochs. */
function consecutiveEpochs(epochs: readonly number[]): [first: number, last: number][] {
  const firsts = epochs.filter((epoch, i) => epochs[i - 1] !== epoch - 1);
  const lasts = epochs.filter((epoch, i) => epochs[i + 1] !== epoch + 1);
  return firsts.map((first, i) => [first, lasts[i]]);
}

/** Marks epochs where lines are interrupted. */
function renderEpochMarks(parent: Mark, kinds: readonly EpochMarks[], x: PanelScales['x']): void {
  for (const { epochs, text, color } of kinds)
    for (const epoch of epochs) {
      const mark = append(parent, 'g');
      appendTooltip(mark, `epoch ${epoch}: ${text}`);
      appendLine(mark, [x(epoch), PANEL_TOP, x(epoch), PANEL_BOTTOM], { stroke: color, 'stroke-width': 1.5 });
    }
  const lines = kinds.flatMap(({ epochs }) => epochs.map((epoch) => x(epoch)));
  for (const kind of kinds) renderMarkTexts(parent, kind, { x, lines });
}

/** The text beside consecutive marks, where it fits between the lines of the others; at least one. */
function renderMarkTexts(
  parent: Mark,
  { epochs, text, color }: EpochMarks,
  { x, lines }: { x: PanelScales['x']; lines: readonly number[] },
): void {
  const [left, right] = x.range();
  const width = paddedTextWidth(text, { size: 10 });
  const placed = consecutiveEpochs(epochs).flatMap(([first, last]) => {
    const [start, end] = [x(first), x(last)];
    if (end + width <= Math.min(right, ...lines.filter((line) => line > end)))
      return [{ x: end + 4, 'text-anchor': 'start' }];
    if (start - width >= Math.max(left, ...lines.filter((line) => line < start)))
      return [{ x: start - 4, 'text-anchor': 'end' }];
    return [];
  });
  const fallback = epochs.slice(0, 1).map((epoch) => ({ x: x(epoch) + 4, 'text-anchor': 'start' }));
  for (const position of placed.length > 0 ? placed : fallback)
    appendText(parent, text, { ...position, y: PANEL_TOP + 10, 'font-size': 10, fill: color });
}

/** The interval of the epochs; half an epoch on both sides of a single one. */
function epochDomain(lines: readonly Line[]): [number, number] {
  const epochs = lines.flatMap(({ points }) => points.map(([epoch]) => epoch));
  const { low, high } = extent(epochs.length ? epochs : [1, 2]);
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/**
 * The interval of the values. Its margin ends where values end: at an accuracy of 1, at 0 unless a loss is
 * negative.
 */
function valueDomain(
  values: readonly (number | undefined)[],
  { isFraction, scale }: { isFraction: boolean; scale: ValueScale },
): [number, number] {
  if (scale === 'log') return logDomain(values);
  const [low, high] = paddedDomain(values);
  const hasNegative = values.some((value) => value! < 0);
  return [hasNegative ? low : Math.max(0, low), isFraction ? Math.min(1, high) : high];
}

/** From the smallest to the largest value above 0 with a margin; [0.1, 1] if there is none. */
function logDomain(values: readonly (number | undefined)[]): [number, number] {
  const logs = values.flatMap((value) => (value! > 0 && value! < Infinity ? [Math.log10(value!)] : []));
  if (logs.length === 0) return [0.1, 1];
  const [low, high] = paddedDomain(logs);
  // Half a decade at least: ticks of a narrower one are not those of a log scale.
  const missing = Math.max(0, 0.5 - (high - low)) / 2;
  return [10 ** (low - missing), 10 ** (high + missing)];
}

/** One metric by epoch: axes, lines, learning-rate cuts and the test value; returns the height in pixels. */
export function renderCurvePanel(parent: Mark, panel: CurvePanel): number {
  const { lines, train, test, format, width, cuts = [], diverged = [], withoutLoss = [], domain } = panel;
  const testText = test === undefined ? '' : `test ${format(test)}`;
  const right = width - (testText ? paddedTextWidth(testText, { size: 10.5, bold: true }) + 11 : 8);
  const isFraction = train === 'accuracy';
  const { scale = 'linear' } = panel;
  const values = [test, ...lines.flatMap(({ points }) => points.map(([, value]) => value))];
  const { x, y } = renderLinePanel(parent, {
    ...panel,
    right,
    x: { domain: epochDomain(lines), label: 'epoch' },
    y: {
      domain: domain ?? valueDomain(values, { isFraction, scale }),
      isFixed: domain !== undefined,
      scale,
      ticks: isFraction ? '%' : undefined,
      format,
    },
  });
  renderCuts(parent, cuts, x);
  const marks: EpochMarks[] = [
    { epochs: diverged, text: 'diverged', color: 'bad' },
    { epochs: withoutLoss, text: 'no loss', color: 'muted' },
  ];
  renderEpochMarks(parent, marks, x);
  // NaN, as the logarithm of 0 is, is not within the panel.
  if (test !== undefined && y(test) >= PANEL_TOP && y(test) <= PANEL_BOTTOM) {
    const style = { stroke: 'test', 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
    appendLine(parent, [PANEL_LEFT, y(test), right, y(test)], style);
    const textStyle = { 'font-size': 10.5, 'font-weight': 600, fill: 'test' };
    appendText(parent, testText, { x: right + 9, y: y(test) + 3.5, ...textStyle });
  }
  return PANEL_HEIGHT;
}
