import { InputError } from './guards/input-error.js';
import { expectList, expectObject, expectString } from './guards/values.js';

/**
 * The names of the options of a function whose options have type `T`. The compiler reports a name that is missing or
 * that `T` does not have, so the table and the type cannot differ.
 */
export type OptionNames<T> = Readonly<Record<keyof T & string, true>>;

/** A word with at most this many edits may be a misspelling of a name. */
const MAX_EDITS = 3;

/** The number of insertions, deletions, substitutions and swaps of neighbors between two words (Damerau and Levenshtein). */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  return rows[a.length][b.length];
}

/** The name that `word` is most likely a misspelling of; undefined where none is near. Of equally near ones the first. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  expectString('word', word);
  expectList('names', names, expectString);
  const limit = Math.min(MAX_EDITS, Math.ceil(word.length / 2));
  const distances = names.map((name) => editDistance(word.toLowerCase(), name.toLowerCase()));
  const nearest = Math.min(...distances);
  return nearest <= limit ? names[distances.indexOf(nearest)] : undefined;
}

/**
 * Checks the options object of a public function. An option whose value is undefined counts as left out.
 *
 * @param functionName the function, for the message
 * @param options what the caller passed; undefined for none
 * @param names the options that the function has
 * @throws InputError if `options` is not an object or has an option that the function does not have; it names the nearest
 * one and lists all.
 */
export function expectOptions<T>(functionName: string, options: T | undefined, names: OptionNames<T>): void {
  expectString('functionName', functionName);
  expectObject('names', names);
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InputError(
      `Expected the options of ${functionName} to be an object, got ${Array.isArray(options) ? 'an array' : String(options)}`,
    );
  const optionNames = Object.keys(names);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || optionNames.includes(name)) continue;
    const nearest = nearestName(name, optionNames);
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    const list = optionNames.length === 0 ? 'no options' : `the options ${optionNames.join(', ')}`;
    throw new InputError(`Expected ${list} of ${functionName}, got ${JSON.stringify(name)}${hint}`);
  }
}
