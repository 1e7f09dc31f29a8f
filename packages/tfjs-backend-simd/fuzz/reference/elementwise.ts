import { broadcastShape, sourceIndices, sumToShape } from './broadcasting.js';
import { EXACT_BRANCHES, type Branches } from './branches.js';
import type { UnaryFunction } from './unary-functions.js';
import {
  expect,
  largestAbsolute,
  mapValues,
  rootMeanSquare,
  sameShape,
  type DType,
  type Result,
  type Values,
} from './values.js';

/** y = f(x), value by value. */
export function unary(
  x: Values,
  { segments, kinks = [], precision = 'rounded', scale, atNaN = NaN }: UnaryFunction,
  branches: Branches = EXACT_BRANCHES,
): Result {
  const sides = kinks.map(({ at, inclusive }) =>
    branches.decide(
      x.data.map((value) => value - at),
      { inclusive },
    ),
  );
  const segmentAt = (i: number) => segments[sides.reduce((sum, side) => sum + side[i], 0)];
  const value = mapValues(x, (v, i) => (Number.isNaN(v) ? atNaN : segmentAt(i).f(v)));
  return {
    value,
    precision,
    ...(scale !== undefined && { scale, isDifference: true }),
    gradient: (dy) => [
      {
        value: mapValues(dy, (d, i) => d * segmentAt(i).derivative(x.data[i], value.data[i])),
        precision: precision === 'exact' ? 'exact' : 'rounded',
        // A derivative near 0 is a difference of terms near 1: 1 - y * y of tanh.
        scale: precision === 'exact' ? 0 : largestAbsolute(dy.data),
      },
    ],
  };
}

/** A function of two values and its derivatives. */
export interface BinaryFunction {
  readonly f: (a: number, b: number) => number;
  readonly da: (a: number, b: number, y: number) => number;
  readonly db: (a: number, b: number, y: number) => number;
}

export const add: BinaryFunction = { f: (a, b) => a + b, da: () => 1, db: () => 1 };
export const subtract: BinaryFunction = { f: (a, b) => a - b, da: () => 1, db: () => -1 };
export const multiply: BinaryFunction = { f: (a, b) => a * b, da: (_, b) => b, db: (a) => a };
export const divide: BinaryFunction = {
  f: (a, b) => a / b,
  da: (_, b) => 1 / b,
  db: (a, b) => -a / (b * b),
};
export const squaredDifference: BinaryFunction = {
  f: (a, b) => (a - b) ** 2,
  da: (a, b) => 2 * (a - b),
  db: (a, b) => 2 * (b - a),
};
export const power: BinaryFunction = {
  f: (a, b) => a ** b,
  da: (a, b) => b * a ** (b - 1),
  // As in TensorFlow: 0 where the base is not positive.
  db: (a, _, y) => (a > 0 ? y * Math.log(a) : 0),
};

/** y = f(a, b) with broadcasting. */
export function binary(a: Values, b: Values, { f, da, db }: BinaryFunction, dtype: DType = a.dtype): Result {
  const shape = broadcastShape(a.shape, b.shape);
  const [indexA, indexB] = [a, b].map((x) => sourceIndices(x.shape, shape));
  const at = (i: number) => [a.data[indexA[i]], b.data[indexB[i]]] as const;
  const data = Float64Array.from(indexA, (_, i) => f(...at(i)));
  const value: Values = { shape, dtype, data };
  const gradientBy = (dy: Values, derivative: BinaryFunction['da'], { shape: to }: Values) => {
    const terms = mapValues(dy, (d, i) => d * derivative(...at(i), data[i]));
    return { value: sumToShape(terms, to), precision: 'rounded' as const, scale: sumScale(terms, to) };
  };
  return {
    value,
    precision: dtype === 'float32' ? 'rounded' : 'exact',
    gradient: (dy) => [gradientBy(dy, da, a), gradientBy(dy, db, b)],
  };
}

/** The typical size of the sums of `terms` over the axes that broadcasting has added, before terms cancel. */
function sumScale(terms: Values, shape: readonly number[]): number {
  const size = shape.reduce((product, n) => product * n, 1);
  return rootMeanSquare(terms.data) * Math.sqrt(terms.data.length / Math.max(1, size));
}

/** The larger or the smaller of two values. The gradient of equal values goes to `a`. */
export function extremum(
  a: Values,
  b: Values,
  which: 'maximum' | 'minimum',
  branches: Branches = EXACT_BRANCHES,
): Result {
  const shape = broadcastShape(a.shape, b.shape);
  const [indexA, indexB] = [a, b].map((x) => sourceIndices(x.shape, shape));
  const sign = which === 'maximum' ? 1 : -1;
  const distances = Float64Array.from(indexA, (_, i) => sign * (a.data[indexA[i]] - b.data[indexB[i]]));
  const isA = branches.decide(distances, { inclusive: true, isFree: (i) => a.data[indexA[i]] !== 0 });
  const pick = (i: number) => {
    const [x, y] = [a.data[indexA[i]], b.data[indexB[i]]];
    return Number.isNaN(x) || Number.isNaN(y) ? NaN : isA[i] ? x : y;
  };
  const gradientTo = (dy: Values, { shape: to }: Values, wanted: number) => {
    const terms = mapValues(dy, (d, i) => (isA[i] === wanted ? d : 0));
    return { value: sumToShape(terms, to), precision: 'rounded' as const, scale: sumScale(terms, to) };
  };
  return {
    value: { shape, dtype: a.dtype, data: Float64Array.from(indexA, (_, i) => pick(i)) },
    precision: 'exact',
    gradient: (dy) => [gradientTo(dy, a, 1), gradientTo(dy, b, 0)],
  };
}

/** x where it is positive, else alpha * x; alpha broadcasts to the shape of x. */
export function prelu(x: Values, alpha: Values, branches: Branches = EXACT_BRANCHES): Result {
  expect(sameShape(broadcastShape(x.shape, alpha.shape), x.shape), 'alpha does not broadcast to x');
  const index = sourceIndices(alpha.shape, x.shape);
  const isPositive = branches.decide(x.data);
  const gradientByAlpha = (dy: Values) => {
    const terms = mapValues(dy, (d, i) => (isPositive[i] ? 0 : d * x.data[i]));
    return {
      value: sumToShape(terms, alpha.shape),
      precision: 'rounded' as const,
      scale: sumScale(terms, alpha.shape),
    };
  };
  return {
    value: mapValues(x, (v, i) => (isPositive[i] || v === 0 ? v : v * alpha.data[index[i]])),
    precision: 'rounded',
    gradient: (dy) => [
      {
        value: mapValues(dy, (d, i) => (isPositive[i] ? d : d * alpha.data[index[i]])),
        precision: 'rounded',
      },
      gradientByAlpha(dy),
    ],
  };
}
