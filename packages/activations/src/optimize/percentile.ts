/** The value below which `percent` of the values lie, between two of them linearly (as NumPy does by default). */
export function percentile(values: Float32Array, percent: number): number {
  const sorted = Float32Array.from(values).sort();
  const place = (percent / 100) * (sorted.length - 1);
  const before = Math.floor(place);
  const after = Math.min(before + 1, sorted.length - 1);
  return sorted[before] + (place - before) * (sorted[after] - sorted[before]);
}
