import type { ScaleLinear } from 'd3-scale';
import { rule, turn, write, type Mark } from './svg.js';

export interface Axis {
  readonly scale: ScaleLinear<number, number>;
  /** What stands at it: what the values are, with their unit. */
  readonly label: string;
  /** Of ticks; as they come. */
  readonly format?: (value: number) => string;
}

/** Lines upwards at round values, from `top` to `bottom`, their values under them, and a line at zero. */
export function drawValueAxis(
  parent: Mark,
  { scale, label, format, top = 0, bottom }: Axis & { top?: number; bottom: number },
): void {
  const [left, right] = scale.range();
  const count = Math.max(2, Math.floor((right - left) / 70));
  const text = format ?? scale.tickFormat(count);
  for (const tick of scale.ticks(count)) {
    const x = scale(tick);
    rule(parent, [x, top, x, bottom + 4], { stroke: 'grid' });
    write(parent, text(tick), { x, y: bottom + 17, 'font-size': 10, 'text-anchor': 'middle' });
  }
  rule(parent, [scale(0), top, scale(0), bottom], { stroke: 'axis' });
  write(parent, label, { x: (left + right) / 2, y: bottom + 35, 'text-anchor': 'middle' });
}

/** How much room an axis takes below what it belongs to, pixels. */
export const AXIS_HEIGHT = 40;

/** A label that runs upwards, in the middle of the room at its right. */
export const writeUpwards = (parent: Mark, label: string, place: { x: number; y: number }): Mark =>
  write(parent, label, { ...place, 'text-anchor': 'middle', transform: turn(-90, place) });
