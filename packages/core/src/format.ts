import { expectAnyNumber, expectInteger, expectString } from './guards/values.js';

/** A dash in place of a number that is NaN. */
const NOT_A_NUMBER = '–';

/** A fraction (0 to 1) as percent: 0.8498 as "84.98%". NaN is a dash. */
export function formatPercent(fraction: number, digits = 2): string {
  expectAnyNumber('fraction', fraction);
  expectInteger('digits', digits, { max: 100 });
  return Number.isNaN(fraction) ? NOT_A_NUMBER : `${(100 * fraction).toFixed(digits)}%`;
}

/** An integer with thousands separators: "10,000"; with a noun "1 image", "10,000 images". */
export function formatCount(count: number, noun?: string): string {
  expectAnyNumber('count', count);
  if (noun !== undefined) expectString('noun', noun);
  const text = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return noun === undefined ? text : `${text} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration in seconds: "42 s", "3 min 5 s", "2 h 10 min". NaN is a dash. */
export function formatDuration(seconds: number): string {
  expectAnyNumber('seconds', seconds);
  if (Number.isNaN(seconds)) return NOT_A_NUMBER;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * The characters that a terminal or an editor obeys instead of showing them: C0, DEL and C1 (Unicode, category Cc), the
 * marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9), and the separators of lines.
 */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text with its control characters escaped as in JSON: a name from a file that holds "\u001b[2J" is shown, not obeyed. A
 * line feed is escaped too.
 */
export const escapeControls = (text: string): string =>
  expectString('text', text).replace(
    CONTROLS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
