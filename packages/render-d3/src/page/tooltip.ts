import { clamp, type Point } from './marks.js';

export interface Tooltip {
  readonly element: HTMLElement;
  /** Shows a text beside a point, inside the window. */
  show(text: string, point: Point): void;
  hide(): void;
}

const STYLE =
  'position:fixed;z-index:10;pointer-events:none;max-width:22rem;padding:4px 8px;border-radius:6px;' +
  'font:12px/1.4 system-ui,sans-serif;color:#fff;background:#17202bee;white-space:pre-line';
/** Between the point and the tooltip, in pixels. */
const OFFSET = 14;
/** Between the tooltip and the right edge of the window, in pixels. */
const MARGIN = 4;

/** A hidden tooltip that is not in the document yet. */
export function createTooltip(document: Document): Tooltip {
  const { defaultView: window } = document;
  const element = document.createElement('div');
  element.style.cssText = STYLE;
  element.setAttribute('role', 'status');
  element.hidden = true;
  return {
    element,
    show(text, { x, y }) {
      element.textContent = text;
      element.hidden = false;
      const { width, height } = element.getBoundingClientRect();
      const { innerWidth, innerHeight } = window!;
      const fitsBelow = y + OFFSET + height <= innerHeight;
      element.style.left = `${clamp(x + OFFSET, innerWidth - width - MARGIN)}px`;
      element.style.top = `${fitsBelow ? y + OFFSET : Math.max(0, y - OFFSET - height)}px`;
    },
    hide() {
      element.hidden = true;
    },
  };
}
