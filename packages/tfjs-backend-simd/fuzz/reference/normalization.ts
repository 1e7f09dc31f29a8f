import { binary, type BinaryFunction } from './elementwise.js';
import { mean as meanOf } from './reductions.js';
import { sourceIndices } from './broadcasting.js';
import { largestAbsolute, mapValues, type Result, type Values } from './values.js';

export interface Standardized extends Result {
  /** Of each group, with the reduced axes kept as 1. The variance is that of the population. */
  readonly mean: Values;
  readonly variance: Values;
}

/**
 * (x - mean) / sqrt(variance + epsilon), with the statistics of the values over `axes`: batch normalization in training and
 * layer normalization, without scale and offset. Statistics are part of the gradient.
 */
export function standardize(x: Values, axes: readonly number[], epsilon: number): Standardized {
  const mean = (values: Values) => meanOf(values, { axes, keepDims: true }).value;
  const means = mean(x);
  const groups = sourceIndices(means.shape, x.shape);
  const centered = mapValues(x, (v, i) => v - means.data[groups[i]]);
  const variance = mean(mapValues(centered, (v) => v * v));
  const inverse = mapValues(variance, (v) => 1 / Math.sqrt(v + epsilon));
  const y = mapValues(centered, (v, i) => v * inverse.data[groups[i]]);
  const largestInverse = largestAbsolute(inverse.data);
  return {
    value: y,
    mean: means,
    variance,
    precision: 'rounded',
    scale: largestAbsolute(x.data) * largestInverse,
    isDifference: true,
    gradient: (dy) => {
      const meanDy = mean(dy);
      const meanProduct = mean(mapValues(dy, (d, i) => d * y.data[i]));
      const dx = mapValues(
        dy,
        (d, i) =>
          inverse.data[groups[i]] * (d - meanDy.data[groups[i]] - y.data[i] * meanProduct.data[groups[i]]),
      );
      return [
        {
          value: dx,
          precision: 'rounded',
          scale: largestAbsolute(dy.data) * largestInverse,
          isDifference: true,
        },
      ];
    },
  };
}

/** (x - mean) / sqrt(variance + epsilon) with given statistics, which broadcast to x, as a function of x and of each of both. */
export function normalize(x: Values, mean: Values, variance: Values, epsilon: number): Result {
  const deviation = mapValues(variance, (v) => Math.sqrt(v + epsilon));
  const f: BinaryFunction = { f: (a, b) => a / b, da: (_, b) => 1 / b, db: (a, b) => -a / (b * b) };
  const centered = binary(x, mean, { f: (a, b) => a - b, da: () => 1, db: () => -1 });
  const quotient = binary(centered.value, deviation, f);
  return {
    value: quotient.value,
    precision: 'rounded',
    scale: largestAbsolute(x.data) / Math.min(...deviation.data.filter((value) => value > 0)),
    gradient: (dy) => {
      const [byCentered, byDeviation] = quotient.gradient!(dy);
      const [byX, byMean] = centered.gradient!(byCentered!.value);
      const byVariance = mapValues(byDeviation!.value, (d, i) => d / (2 * deviation.data[i]));
      return [byX, byMean, { value: byVariance, precision: 'rounded', scale: byDeviation!.scale }];
    },
  };
}
