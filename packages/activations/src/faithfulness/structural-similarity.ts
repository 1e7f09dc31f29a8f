const WINDOW_SIDE = 7;
/** (K1 L)^2 and (K2 L)^2 of the paper, for the range L = 1. */
const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

/** A square of values of a map: its first row and column, and its side. */
interface Square {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

/** Values scaled to 0..1; equal values become zeros. */
function toUnitRange(values: ArrayLike<number>): Float64Array {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    minimum = Math.min(minimum, values[i]);
    maximum = Math.max(maximum, values[i]);
  }
  const range = maximum - minimum;
  return Float64Array.from(values, (value) => (maximum > minimum ? (value - minimum) / range : 0));
}

/** The structural similarity of two maps within a window. */
function windowSimilarity(
  a: Float64Array,
  b: Float64Array,
  width: number,
  { top, left, side }: Square,
): number {
  const count = side * side;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++) {
      const [valueA, valueB] = [a[y * width + x], b[y * width + x]];
      sumA += valueA;
      sumB += valueB;
      sumAA += valueA * valueA;
      sumBB += valueB * valueB;
      sumAB += valueA * valueB;
    }
  const [meanA, meanB] = [sumA / count, sumB / count];
  const degreesOfFreedom = Math.max(1, count - 1);
  const varianceSum = (sumAA + sumBB - count * (meanA * meanA + meanB * meanB)) / degreesOfFreedom;
  const covariance = (sumAB - count * meanA * meanB) / degreesOfFreedom;
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA * meanA + meanB * meanB + C1) * (varianceSum + C2))
  );
}

/**
 * The mean structural similarity of two maps, each scaled to 0..1, over all windows of 7 x 7 (at most the
 * shorter side of the map) inside the map; at most 1. Wang, Bovik, Sheikh, Simoncelli, Image Quality
 * Assessment (2004), with uniform windows and sample variances as in scikit-image's `structural_similarity`.
 */
export function structuralSimilarity(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { height, width }: { height: number; width: number },
): number {
  const [a, b] = [toUnitRange(first), toUnitRange(second)];
  const side = Math.min(WINDOW_SIDE, height, width);
  let total = 0;
  for (let top = 0; top + side <= height; top++)
    for (let left = 0; left + side <= width; left++)
      total += windowSimilarity(a, b, width, { top, left, side });
  return total / ((height - side + 1) * (width - side + 1));
}
