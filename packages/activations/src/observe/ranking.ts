/** An entry of a ranking. */
interface Ranked {
  /** The index of the image in its set; of equal scores the lower index comes first. */
  readonly index: number;
}

/** The order and the length of a list of entries: highest score first, at most `limit`. */
export interface Ranking<Entry extends Ranked> {
  readonly limit: number;
  scoreOf(entry: Entry): number;
}

/** Inserts an entry into a ranked list and drops the last one beyond the limit. NaN is not inserted. */
export function insertRanked<Entry extends Ranked>(
  entries: Entry[],
  entry: Entry,
  { limit, scoreOf }: Ranking<Entry>,
): boolean {
  const score = scoreOf(entry);
  if (Number.isNaN(score)) return false;
  let rank = entries.length;
  for (; rank > 0; rank--) {
    const before = entries[rank - 1];
    const isHigher = score > scoreOf(before) || (score === scoreOf(before) && entry.index < before.index);
    if (!isHigher) break;
  }
  if (rank >= limit) return false;
  entries.splice(rank, 0, entry);
  if (entries.length > limit) entries.pop();
  return true;
}

/** The first `limit` entries of two ranked lists. */
export function mergeRanked<Entry extends Ranked>(
  a: readonly Entry[],
  b: readonly Entry[],
  ranking: Ranking<Entry>,
): Entry[] {
  const merged: Entry[] = [];
  for (const entry of [...a, ...b]) insertRanked(merged, entry, ranking);
  return merged;
}
