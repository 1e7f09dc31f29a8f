/** The rank of each value, from 1; equal values share the mean of their ranks. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const ascending = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(ascending.length);
  for (let first = 0; first < ascending.length;) {
    let end = first + 1;
    while (end < ascending.length && values[ascending[end]] === values[ascending[first]]) end++;
    const meanRank = (first + 1 + end) / 2;
    for (let i = first; i < end; i++) ranks[ascending[i]] = meanRank;
    first = end;
  }
  return ranks;
}

/** Pearson's correlation; NaN if all values of a list are equal. */
function correlate(a: Float64Array, b: Float64Array): number {
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [deviationA, deviationB] = [a[i] - meanA, b[i] - meanB];
    product += deviationA * deviationB;
    squareA += deviationA * deviationA;
    squareB += deviationB * deviationB;
  }
  return product / Math.sqrt(squareA * squareB);
}

/**
 * Spearman's rank correlation of two lists of the same length, -1 to 1; NaN if all values of a list are
 * equal.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlate(ranksOf(a), ranksOf(b));
}
