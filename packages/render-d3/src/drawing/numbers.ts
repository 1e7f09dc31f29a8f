/** An interval of values: `low` has the first color of a map, `high` the last. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  /** Whether zero is the middle; default false. */
  readonly isSymmetric?: boolean;
}

/** The smallest and the largest finite value; [0, 0] if there is none. */
export function extent(values: ArrayLike<number>): Extent {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** The smallest extent that contains all of `extents`. */
export const unionExtent = (extents: readonly Extent[]): Extent =>
  extent(extents.flatMap(({ low, high }) => [low, high]));

/** From minus the largest magnitude to plus the largest magnitude. */
export function symmetricExtent(values: ArrayLike<number>): Extent {
  const { low, high } = extent(values);
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  return { low: -magnitude, high: magnitude, isSymmetric: true };
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean and the standard deviation (of the population). */
export function meanAndStd(values: ArrayLike<number>): { mean: number; std: number } {
  const list = Array.from(values);
  const mean = meanOf(list);
  return { mean, std: Math.sqrt(meanOf(list.map((value) => (value - mean) ** 2))) };
}

/**
 * The index of the highest value, the lower one of equal values; NaN is skipped; -1 if there is no number.
 */
export function argMax(values: ArrayLike<number>): number {
  let highest = -1;
  for (let i = 0; i < values.length; i++)
    if (highest < 0 ? !Number.isNaN(values[i]) : values[i] > values[highest]) highest = i;
  return highest;
}
