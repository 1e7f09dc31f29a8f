import { fitText, roomFor } from './measure.js';
import { draw, write, type Attributes, type Mark } from './svg.js';

export interface LegendItem {
  readonly label: string;
  /** Draws the sign, 22 x 12 pixels, whose left end is at 0 and whose middle is at height 0. */
  readonly sign: (parent: Mark) => void;
}

/** A line of 22 pixels. */
export const lineSign =
  (attributes: Attributes): LegendItem['sign'] =>
  (parent) =>
    void draw(parent, 'line', { x1: 0, x2: 22, y1: 0, y2: 0, 'stroke-width': 2, ...attributes });

/** A square of 12 pixels. */
export const squareSign =
  (fill: string): LegendItem['sign'] =>
  (parent) =>
    void draw(parent, 'rect', { x: 10, y: -6, width: 12, height: 12, rx: 2, fill });

const ROW = 18;

/** Signs and their names in rows that are at most `width` pixels wide; returns the height in pixels. */
export function drawLegend(
  parent: Mark,
  items: readonly LegendItem[],
  { width, color }: { width: number; color: string },
): number {
  let x = 0;
  let row = 0;
  for (const { label: whole, sign } of items) {
    const label = fitText(whole, width - 28);
    const needed = 28 + roomFor(label) + 18;
    if (x > 0 && x + needed - 18 > width) {
      x = 0;
      row++;
    }
    const group = draw(parent, 'g', { transform: `translate(${Math.round(x)},${row * ROW + 8})` });
    sign(group);
    write(group, label, { x: 28, y: 4, 'font-size': 11, fill: color });
    x += needed;
  }
  return items.length ? (row + 1) * ROW : 0;
}
