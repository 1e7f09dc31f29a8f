/** Values on a line: `low` is the first colour of a map, `high` the last. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Whether zero is in the middle; false. */
  readonly isSigned?: boolean;
}

/** The smallest and the largest finite value; [0, 0] if there is none. */
export function rangeOf(values: ArrayLike<number>): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** From the lowest end of some ranges to the highest. */
export const joinRanges = (ranges: readonly Range[]): Range =>
  rangeOf(ranges.flatMap(({ low, high }) => [low, high]));

/** As far below zero as above it: to the largest magnitude. */
export function signedRangeOf(values: ArrayLike<number>): Range {
  const { low, high } = rangeOf(values);
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { low: -reach, high: reach, isSigned: true };
}

/** Mean and standard deviation. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, std: Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) };
}

/** Where the highest of some values is; of equal ones the first; -1 if none is a number. */
export function highestOf(values: ArrayLike<number>): number {
  let highest = -1;
  for (let i = 0; i < values.length; i++)
    if (highest < 0 ? !Number.isNaN(values[i]) : values[i] > values[highest]) highest = i;
  return highest;
}
