/** A percentile (0 to 100) with linear interpolation between two values, the default of NumPy. */
export function percentile(values: Float32Array, percent: number): number {
  const sorted = Float32Array.from(values).sort();
  const rank = (percent / 100) * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower] + (rank - lower) * (sorted[upper] - sorted[lower]);
}
