import type { EpochRecord } from '@convlens/core';
import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { LearningRateCut } from './history.js';
import { roomFor } from './measure.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';

export interface CurvePanel {
  readonly name: string;
  readonly unit: string;
  readonly train: 'loss' | 'accuracy';
  readonly validation: 'valLoss' | 'valAccuracy';
  readonly test?: number;
  readonly format: (value: number) => string;
  readonly history: readonly EpochRecord[];
  readonly cuts: readonly LearningRateCut[];
  readonly best?: EpochRecord;
  readonly palette: Palette;
  readonly width: number;
}

export const PANEL_HEIGHT = 300;
const TOP = 44;
const BOTTOM = PANEL_HEIGHT - 38;
const LEFT = 46;
/** Beyond so many epochs the points of a curve are not marked one by one. */
const MOST_POINTS = 12;

const rateText = (rate: number) =>
  rate
    .toExponential()
    .replace('e+0', '')
    .replace('-', '−')
    .replace(/(\.\d\d)\d+/, '$1');

/** Ticks for whole epochs only. */
const epochTicks = (scale: { ticks(count: number): number[] }) =>
  scale.ticks(8).filter((tick) => Number.isInteger(tick) && tick >= 1);

function drawCuts(
  parent: Mark,
  { cuts, palette, x, right }: CurvePanel & { x: (epoch: number) => number; right: number },
) {
  let taken = -Infinity;
  for (const { epoch, learningRate } of cuts) {
    const mark = draw(parent, 'g');
    hint(mark, `from epoch ${epoch + 1}: learning rate ${rateText(learningRate)}`);
    const at = x(epoch + 1);
    draw(mark, 'line', {
      x1: at,
      x2: at,
      y1: TOP,
      y2: BOTTOM,
      stroke: palette.event,
      'stroke-width': 1.25,
      'stroke-dasharray': '2 3',
    });
    const text = rateText(learningRate);
    const half = roomFor(text, { size: 10 }) / 2;
    const middle = Math.min(at, right - half);
    if (middle - half < taken) continue;
    taken = middle + half + 6;
    write(mark, text, {
      x: middle,
      y: TOP - 5,
      'font-size': 10,
      'text-anchor': 'middle',
      fill: palette.event,
    });
  }
}

/** One measure by epoch: axes, the marks of events, the curves of training and validation, the line of the test. */
export function drawCurvePanel(parent: Mark, panel: CurvePanel): void {
  const { history, palette, train, validation, test, format, width, best } = panel;
  const testText = test === undefined ? '' : `test ${format(test)}`;
  const right = width - (test === undefined ? 8 : roomFor(testText, { size: 10.5, bold: true }) + 11);
  const epochs = history.map(({ epoch }) => epoch + 1);
  const ends = [Math.min(...epochs), Math.max(...epochs)];
  const x = scaleLinear(ends[0] < ends[1] ? ends : [ends[0] - 0.5, ends[0] + 0.5], [LEFT, right]);
  const values = history.flatMap((record) => [record[train], record[validation]]).concat(test);
  const [low = 0, high = 1] = extent(values.filter((value) => Number.isFinite(value)) as number[]);
  const margin = (high - low) * 0.03 || Math.abs(high) * 0.05 || 0.05;
  const top = train === 'accuracy' ? Math.min(1, high + margin) : high + margin;
  const y = scaleLinear([Math.max(0, low - margin), top], [BOTTOM, TOP]).nice(6);

  write(parent, panel.name, { x: 0, y: 13, 'font-size': 13, 'font-weight': 600, fill: palette.ink });
  const nameWidth = roomFor(panel.name, { size: 13, bold: true }) + 6;
  write(parent, panel.unit, { x: nameWidth, y: 13, 'font-size': 11, fill: palette.muted });
  const yTicks = y.ticks(6);
  const tickFormat = train === 'accuracy' ? y.tickFormat(6, '%') : y.tickFormat(6);
  for (const tick of yTicks) {
    draw(parent, 'line', { x1: LEFT, x2: right, y1: y(tick), y2: y(tick), stroke: palette.grid });
    const attributes = { x: LEFT - 7, y: y(tick) + 3.5, 'font-size': 10.5, 'text-anchor': 'end' };
    write(parent, tickFormat(tick), { ...attributes, fill: palette.muted });
  }
  draw(parent, 'line', { x1: LEFT, x2: right, y1: BOTTOM, y2: BOTTOM, stroke: palette.axis });
  for (const tick of epochTicks(x)) {
    draw(parent, 'line', { x1: x(tick), x2: x(tick), y1: BOTTOM, y2: BOTTOM + 4, stroke: palette.axis });
    const attributes = { x: x(tick), y: BOTTOM + 17, 'font-size': 10.5, 'text-anchor': 'middle' };
    write(parent, String(tick), { ...attributes, fill: palette.muted });
  }
  write(parent, 'epoch', {
    x: (LEFT + right) / 2,
    y: BOTTOM + 34,
    'font-size': 11,
    'text-anchor': 'middle',
    fill: palette.muted,
  });

  drawCuts(parent, { ...panel, x, right });
  if (test !== undefined) {
    const attributes = { stroke: palette.test, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
    draw(parent, 'line', { x1: LEFT, x2: right, y1: y(test), y2: y(test), ...attributes });
    write(parent, testText, {
      x: right + 9,
      y: y(test) + 3.5,
      'font-size': 10.5,
      'font-weight': 600,
      fill: palette.test,
    });
  }
  for (const [key, color] of [
    [train, palette.train],
    [validation, palette.validation],
  ] as const) {
    const known = history.filter((record) => record[key] !== undefined);
    const path = line<EpochRecord>()
      .defined((record) => Number.isFinite(record[key]))
      .x((record) => x(record.epoch + 1))
      .y((record) => y(record[key]!))
      .digits(3)(known);
    if (path)
      draw(parent, 'path', {
        d: path,
        fill: 'none',
        stroke: color,
        'stroke-width': 2,
        'stroke-linejoin': 'round',
        'stroke-linecap': 'round',
      });
    for (const record of known) {
      if (known.length > MOST_POINTS || !Number.isFinite(record[key])) continue;
      const dot = draw(parent, 'circle', { cx: x(record.epoch + 1), cy: y(record[key]!), r: 3, fill: color });
      hint(dot, `epoch ${record.epoch + 1}: ${format(record[key]!)}`);
    }
  }
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
