import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { append, appendGroup, appendLine, appendText, type Mark } from '../drawing/svg.js';

export interface LegendItem {
  readonly label: string;
  /** After the label; never cut. */
  readonly value?: string;
  /** Renders the symbol, 22 x 12 pixels: its left edge at x = 0, its middle at y = 0. */
  readonly symbol: (parent: Mark) => void;
}

interface LineStyle {
  readonly color: string;
  readonly dash?: string;
  /** In pixels; default 2. */
  readonly width?: number;
}

/** A line of 22 pixels. */
export const lineSymbol =
  ({ color: stroke, dash, width = 2 }: LineStyle): LegendItem['symbol'] =>
  (parent) =>
    void appendLine(parent, [0, 0, 22, 0], { 'stroke-width': width, stroke, 'stroke-dasharray': dash });

/** A square of 12 pixels. */
export const squareSymbol =
  (fill: string): LegendItem['symbol'] =>
  (parent) =>
    void append(parent, 'rect', { x: 10, y: -6, width: 12, height: 12, rx: 2, fill });

/** The ring around a point of a line. */
export const ringSymbol =
  (fill: string): LegendItem['symbol'] =>
  (parent) =>
    void append(parent, 'circle', { cx: 9, cy: 0, r: 4.5, fill, stroke: 'ink', 'stroke-width': 2 });

const ROW_HEIGHT = 18;
const LABEL_LEFT = 28;
const ITEM_GAP = 18;
const MAX_LABEL_WIDTH = 320;

/**
 * Symbols and labels in rows of at most `width` pixels; returns the height in pixels.
 *
 * @param space the empty space below, included in the height, in pixels
 */
export function renderLegend(
  parent: Mark,
  items: readonly LegendItem[],
  { width, space = 10 }: { width: number; space?: number },
): number {
  let x = 0;
  let row = 0;
  for (const { label, value = '', symbol } of items) {
    const labelWidth = Math.min(MAX_LABEL_WIDTH, width - LABEL_LEFT - paddedTextWidth(value));
    const text = fitText(label, labelWidth) + value;
    const itemWidth = LABEL_LEFT + paddedTextWidth(text) + ITEM_GAP;
    if (x > 0 && x + itemWidth - ITEM_GAP > width) {
      x = 0;
      row++;
    }
    const item = appendGroup(parent, { x: Math.round(x), y: row * ROW_HEIGHT + 8 });
    symbol(item);
    appendText(item, text, { x: LABEL_LEFT, y: 4, 'font-size': 11, fill: 'ink' });
    x += itemWidth;
  }
  return items.length ? (row + 1) * ROW_HEIGHT + space : 0;
}
