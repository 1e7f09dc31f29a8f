/** What can be ranked: the place in the set decides between equal scores. */
interface Ranked {
  readonly index: number;
}

/** A list that keeps the `limit` entries of the highest score, highest first; of equal ones the lower index. */
export interface Ranking<Entry extends Ranked> {
  readonly limit: number;
  scoreOf(entry: Entry): number;
}

/** Puts an entry where it belongs and drops what is beyond the limit; returns whether it was kept. NaN is not. */
export function rank<Entry extends Ranked>(
  entries: Entry[],
  entry: Entry,
  { limit, scoreOf }: Ranking<Entry>,
): boolean {
  const score = scoreOf(entry);
  if (score !== score) return false;
  let place = entries.length;
  for (; place > 0; place--) {
    const other = scoreOf(entries[place - 1]);
    if (!(score > other || (score === other && entry.index < entries[place - 1].index))) break;
  }
  if (place >= limit) return false;
  entries.splice(place, 0, entry);
  if (entries.length > limit) entries.pop();
  return true;
}

/** The best of two lists. */
export function mergeRanked<Entry extends Ranked>(
  a: readonly Entry[],
  b: readonly Entry[],
  ranking: Ranking<Entry>,
): Entry[] {
  const merged: Entry[] = [];
  for (const entry of [...a, ...b]) rank(merged, entry, ranking);
  return merged;
}
