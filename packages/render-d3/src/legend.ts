import { fitText, roomFor } from './measure.js';
import { draw, group, rule, write, type Attributes, type Mark } from './svg.js';

export interface LegendItem {
  readonly label: string;
  /** Stands after the label, and is never cut. */
  readonly value?: string;
  /** Draws the sign, 22 x 12 pixels, whose left end is at 0 and whose middle is at height 0. */
  readonly sign: (parent: Mark) => void;
}

/** A line of 22 pixels. */
export const lineSign =
  (attributes: Attributes): LegendItem['sign'] =>
  (parent) =>
    void rule(parent, [0, 0, 22, 0], { 'stroke-width': 2, ...attributes });

/** A square of 12 pixels. */
export const squareSign =
  (fill: string): LegendItem['sign'] =>
  (parent) =>
    void draw(parent, 'rect', { x: 10, y: -6, width: 12, height: 12, rx: 2, fill });

/** How a place on a line is ringed. */
export const ringSign =
  (fill: string): LegendItem['sign'] =>
  (parent) =>
    void draw(parent, 'circle', { cx: 9, cy: 0, r: 4.5, fill, stroke: 'ink', 'stroke-width': 2 });

const ROW = 18;
const WIDEST_NAME = 320;

/** Signs and their names in rows that are at most `width` pixels wide; returns the height in pixels, with what is left free under it. */
export function drawLegend(
  parent: Mark,
  items: readonly LegendItem[],
  { width, space = 10 }: { width: number; space?: number },
): number {
  let x = 0;
  let row = 0;
  for (const { label: name, value = '', sign } of items) {
    const label = fitText(name, Math.min(WIDEST_NAME, width - 28 - roomFor(value))) + value;
    const needed = 28 + roomFor(label) + 18;
    if (x > 0 && x + needed - 18 > width) {
      x = 0;
      row++;
    }
    const item = group(parent, { x: Math.round(x), y: row * ROW + 8 });
    sign(item);
    write(item, label, { x: 28, y: 4, 'font-size': 11, fill: 'ink' });
    x += needed;
  }
  return items.length ? (row + 1) * ROW + space : 0;
}
