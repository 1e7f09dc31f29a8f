import type { ScaleLinear } from 'd3-scale';
import { formatBrief } from '../drawing/format.js';
import { paddedTextWidth } from '../drawing/measure-text.js';
import { appendLine, appendText, rotation, type Mark } from '../drawing/svg.js';
import { valueTicks, type NumericScale, type ValueScale } from './value-scale.js';

export interface Axis {
  readonly scale: ScaleLinear<number, number>;
  /** The quantity and its unit. */
  readonly label: string;
  /** The text of a tick; default: the format of the scale. */
  readonly format?: (value: number) => string;
}

/** The height of a horizontal axis with ticks and label, in pixels. */
export const AXIS_HEIGHT = 40;

/**
 * A horizontal axis: grid lines from `top` to `bottom` at round values, a line at zero, ticks and label
 * below.
 */
export function renderValueAxis(
  parent: Mark,
  { scale, label, format, top = 0, bottom }: Axis & { top?: number; bottom: number },
): void {
  const [left, right] = scale.range();
  const count = Math.max(2, Math.floor((right - left) / 70));
  const ticks = scale.ticks(count);
  const plain = scale.tickFormat(count);
  // Small numbers have many digits, such as 0.0000000015.
  const isWide = ticks.some(
    (tick) => paddedTextWidth(plain(tick)) > Math.min(50, (right - left) / ticks.length),
  );
  const formatTick = format ?? (isWide ? formatBrief : plain);
  for (const tick of ticks) {
    const x = scale(tick);
    appendLine(parent, [x, top, x, bottom + 4], { stroke: 'grid' });
    appendText(parent, formatTick(tick), { x, y: bottom + 17, 'font-size': 10, 'text-anchor': 'middle' });
  }
  appendLine(parent, [scale(0), top, scale(0), bottom], { stroke: 'axis' });
  appendText(parent, label, { x: (left + right) / 2, y: bottom + 35, 'text-anchor': 'middle' });
}

/** Tick texts begin up to this far left of the panel, within the margin of the figure, in pixels. */
const LABEL_OVERHANG = 8;

interface VerticalAxis {
  readonly scale: NumericScale;
  readonly left: number;
  readonly right: number;
  /** A d3-format of the ticks. */
  readonly ticks?: string;
  /** Default 'linear'. */
  readonly kind?: ValueScale;
}

/** A vertical axis: grid lines from `left` to `right` with their ticks. */
export function renderVerticalAxis(parent: Mark, { scale, left, right, ticks, kind }: VerticalAxis): void {
  for (const { value, text } of valueTicks(scale, {
    kind,
    specifier: ticks,
    maxWidth: left + LABEL_OVERHANG,
  })) {
    const y = scale(value);
    appendLine(parent, [left, y, right, y], { stroke: 'grid' });
    appendText(parent, text, { x: left - 7, y: y + 3.5, 'text-anchor': 'end', 'font-size': 10.5 });
  }
}

/** The label of a vertical axis, centered at a point and read from bottom to top. */
export const appendVerticalText = (parent: Mark, label: string, center: { x: number; y: number }): Mark =>
  appendText(parent, label, { ...center, 'text-anchor': 'middle', transform: rotation(-90, center) });
