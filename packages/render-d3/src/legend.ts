import { roomFor } from './measure.js';
import { draw, write, type Mark } from './svg.js';

export interface LegendItem {
  readonly label: string;
  /** Draws the sign, 22 x 12 pixels, whose left end is at 0 and whose middle is at height 0. */
  readonly sign: (parent: Mark) => void;
}

const ROW = 18;

/** Signs and their names in rows that are at most `width` pixels wide; returns the height in pixels. */
export function drawLegend(
  parent: Mark,
  items: readonly LegendItem[],
  { width, color }: { width: number; color: string },
): number {
  let x = 0;
  let row = 0;
  for (const { label, sign } of items) {
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
