import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { appendText, type Mark } from '../drawing/svg.js';

/** A line of text under a tile or beside a row. */
export interface Caption {
  /** Left-aligned. */
  readonly text: string;
  /** Right-aligned; default: none. */
  readonly end?: string;
  /** The color of `text`; default: "ink" for bold text, else "muted". */
  readonly color?: string;
  readonly bold?: boolean;
}

/** The height of a caption in pixels. */
export const CAPTION_HEIGHT = 14;
const STYLE = { size: 10.5 };

/** The width of a caption that is not cut, in pixels. */
export const captionWidth = ({ text, end, bold }: Caption): number =>
  paddedTextWidth(text, { ...STYLE, bold }) + (end ? paddedTextWidth(end, STYLE) + 4 : 0);

/**
 * Captions in a column `width` pixels wide, cut with an ellipsis if they do not fit; `end` has precedence.
 */
export function renderCaptions(
  parent: Mark,
  captions: readonly Caption[],
  { x, y, width }: { x: number; y: number; width: number },
): void {
  captions.forEach(({ text, end = '', bold = false, color = bold ? 'ink' : 'muted' }, i) => {
    const attributes = { y: y + i * CAPTION_HEIGHT + 11, 'font-size': STYLE.size };
    const endText = fitText(end, width, STYLE);
    const startText = fitText(text, width - (end ? paddedTextWidth(endText, STYLE) + 2 : 0), {
      ...STYLE,
      bold,
    });
    if (text)
      appendText(parent, startText, { x, ...attributes, fill: color, 'font-weight': bold ? 600 : undefined });
    if (end) appendText(parent, endText, { x: x + width, ...attributes, 'text-anchor': 'end' });
  });
}
