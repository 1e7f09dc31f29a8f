import { expectString, expectOptions, type OptionNames } from '@convlens/core';

/** Advance widths of Inter in thousandths of the font size, for the characters from " " to "~". */
const WIDTHS = `
281 288 466 633 642 982 644 300 365 365 501 662 288 460 288 360 631 407 610 618 646 593 620 566 619 620 288
302 662 662 662 511 966 690 654 730 722 601 590 746 743 269 571 672 565 903 753 765 639 765 644 642 646 744
690 985 682 679 629 365 360 365 471 456 323 562 612 571 612 583 370 613 591 242 242 549 242 876 591 600 612
612 376 528 327 591 562 818 546 562 552 426 333 426 662`
  .trim()
  .split(/\s+/)
  .map(Number);
/** The width of semibold text relative to regular text, on average. */
const BOLD_FACTOR = 1.03;
/** The first code point of Hangul, and of the full-width East Asian blocks. */
const [HANGUL, FULL_WIDTH] = [0x1100, 0x2e80];
const MINUS_SIGN = 0x2212;

/**
 * The width of a character that is not in the table: that of a wide Latin or Cyrillic letter, or a full-width
 * one.
 */
function unlistedWidth(codePoint: number): number {
  if (codePoint < HANGUL || codePoint === MINUS_SIGN) return 680;
  return codePoint < FULL_WIDTH ? 900 : 1000;
}

export interface TextStyle {
  /** Font size in pixels; default 11. */
  readonly size?: number;
  /** Whether the text is semibold; default false. */
  readonly bold?: boolean;
}

const TEXT_STYLE: OptionNames<TextStyle> = { size: true, bold: true };

function textWidth(text: string, { size = 11, bold = false }: TextStyle): number {
  let sum = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    sum += WIDTHS[codePoint - 32] ?? unlistedWidth(codePoint);
  }
  return (sum * size * (bold ? BOLD_FACTOR : 1)) / 1000;
}

/**
 * The width in pixels of a line of text in Inter. The same in a browser and in Node, whatever fonts are
 * installed.
 */
export function measureText(text: string, style: TextStyle = {}): number {
  expectOptions('measureText', style, TEXT_STYLE);
  expectString('text', text);
  return textWidth(text, style);
}

/**
 * The space to reserve for a line of text in pixels: a browser without Inter uses a font that may be wider.
 */
export const paddedTextWidth = (text: string, style: TextStyle = {}): number => textWidth(text, style) * 1.09;

/** `text`, cut with an ellipsis if it is wider than `width` pixels; at least one character remains. */
export function fitText(text: string, width: number, style: TextStyle = {}): string {
  // A width that was computed from that of the text may be smaller by a rounding error.
  if (paddedTextWidth(text, style) <= width + 1e-6) return text;
  let remaining = width - paddedTextWidth('…', style);
  let kept = '';
  for (const character of text) {
    remaining -= paddedTextWidth(character, style);
    if (kept && remaining < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** `text` in lines of at most `width` pixels, broken at spaces; a wider word is cut with an ellipsis. */
export function wrapText(text: string, width: number, style: TextStyle = {}): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const joined = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && paddedTextWidth(joined, style) <= width) lines[lines.length - 1] = joined;
    else lines.push(fitText(word, width, style));
  }
  return lines;
}
