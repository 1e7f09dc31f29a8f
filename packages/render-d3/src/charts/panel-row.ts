import { availableWidth, type FigureOptions } from '../drawing/figure.js';
import { appendGroup, type Mark } from '../drawing/svg.js';

const GAP = 36;
const STACKED_GAP = 14;
const MAX_PANEL_WIDTH = 392;
/** Narrower panels are stacked. */
const MIN_PANEL_WIDTH = 300;

/** Panels side by side, or stacked in a narrow figure. */
export interface PanelRow {
  /** The width of the row in pixels. */
  readonly width: number;
  /**
   * Renders one panel per item.
   *
   * @param options `top`: the top of the row in pixels, default 0; `renderPanel`: renders a panel of the
   *   given width and returns its height
   * @returns the bottom of the lowest panel in pixels
   */
  render<T>(
    body: Mark,
    items: readonly T[],
    options: { top?: number; renderPanel: (panel: Mark, item: T, width: number) => number },
  ): number;
}

/** The layout of `count` panels. */
export function panelRow(options: FigureOptions, count: number): PanelRow {
  const available = availableWidth(options);
  const widthSideBySide = (available + GAP) / count - GAP;
  const isStacked = count > 1 && widthSideBySide < MIN_PANEL_WIDTH;
  const width = Math.min(MAX_PANEL_WIDTH, isStacked ? available : widthSideBySide);
  return {
    width: isStacked ? width : count * (width + GAP) - GAP,
    render(body, items, { top = 0, renderPanel }) {
      let bottom = top;
      items.forEach((item, i) => {
        const y = isStacked && i ? bottom + STACKED_GAP : top;
        const panel = appendGroup(body, { x: isStacked ? 0 : i * (width + GAP), y });
        bottom = Math.max(bottom, y + renderPanel(panel, item, width));
      });
      return bottom;
    },
  };
}
