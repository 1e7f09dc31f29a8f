/** Advance widths in thousandths of the font size, of Inter, for the characters from " " to "~". */
const WIDTHS = `
281 288 466 633 642 982 644 300 365 365 501 662 288 460 288 360 631 407 610 618 646 593 620 566 619 620 288 302 662
662 662 511 966 690 654 730 722 601 590 746 743 269 571 672 565 903 753 765 639 765 644 642 646 744 690 985 682 679
629 365 360 365 471 456 323 562 612 571 612 583 370 613 591 242 242 549 242 876 591 600 612 612 376 528 327 591 562
818 546 562 552 426 333 426 662`
  .trim()
  .split(/\s+/)
  .map(Number);
/** Letters of the semibold are so much wider, taken together. */
const BOLDER = 1.03;

/** For a character that is not in the table: that of a wide Latin or Cyrillic letter, or of a full-width one. */
const unknownWidth = (code: number) =>
  code >= 0x1100 && code !== 0x2212 ? (code < 0x2e80 ? 900 : 1000) : 680;

export interface TextStyle {
  /** Pixels; 11. */
  readonly size?: number;
  /** Whether it is set in the semibold; false. */
  readonly bold?: boolean;
}

/** The width of a line of text in pixels, set in Inter. The same in a browser and in Node, whatever fonts are there. */
export function measureText(text: string, { size = 11, bold = false }: TextStyle = {}): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    sum += WIDTHS[code - 32] ?? unknownWidth(code);
  }
  return (sum * size * (bold ? BOLDER : 1)) / 1000;
}

/** The room to leave for a line of text, pixels: a browser without Inter falls back to a font that may be wider. */
export const roomFor = (text: string, style: TextStyle = {}): number => measureText(text, style) * 1.09;

/** `text`, or as much of it as fits into `width` pixels with an ellipsis: a character at the least. */
export function fitText(text: string, width: number, style: TextStyle = {}): string {
  if (roomFor(text, style) <= width) return text;
  let room = width - roomFor('…', style);
  let kept = '';
  for (const character of text) {
    room -= roomFor(character, style);
    if (kept && room < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** `text` in lines of at most `width` pixels, broken at spaces; a word that is wider than that is cut. */
export function wrapText(text: string, width: number, style: TextStyle = {}): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const joined = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && roomFor(joined, style) <= width) lines[lines.length - 1] = joined;
    else lines.push(fitText(word, width, style));
  }
  return lines;
}
