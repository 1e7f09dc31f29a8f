const SIDE = 7;
const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

/** Scales values to run from 0 to 1; values that are all one become zeros. */
function toUnitRange(values: ArrayLike<number>): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return Float64Array.from(values, (value) => (high > low ? (value - low) / (high - low) : 0));
}

/**
 * The mean structural similarity of two maps, each scaled to [0, 1] first, over all windows of 7 x 7 (or the smaller side
 * of the map) that lie within, with sample variances: Wang, Bovik, Sheikh, Simoncelli, Image Quality Assessment (2004),
 * with the uniform window of scikit-image's `structural_similarity`. At most 1.
 */
export function structuralSimilarity(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { height, width }: { height: number; width: number },
): number {
  const [a, b] = [toUnitRange(first), toUnitRange(second)];
  const side = Math.min(SIDE, height, width);
  const count = side * side;
  let total = 0;
  for (let top = 0; top + side <= height; top++)
    for (let left = 0; left + side <= width; left++) {
      let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + side; y++)
        for (let x = left; x < left + side; x++) {
          const [va, vb] = [a[y * width + x], b[y * width + x]];
          sumA += va;
          sumB += vb;
          sumAA += va * va;
          sumBB += vb * vb;
          sumAB += va * vb;
        }
      const [meanA, meanB] = [sumA / count, sumB / count];
      const free = Math.max(1, count - 1);
      const variances = (sumAA + sumBB - count * (meanA * meanA + meanB * meanB)) / free;
      const covariance = (sumAB - count * meanA * meanB) / free;
      total +=
        ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
        ((meanA * meanA + meanB * meanB + C1) * (variances + C2));
    }
  return total / ((height - side + 1) * (width - side + 1));
}
