import { broadcastShape, sourceIndices, sumToShape } from './broadcasting.js';
import { EXACT_BRANCHES, type Branches } from './branches.js';
import {
  expect,
  largestAbsolute,
  mapValues,
  rootMeanSquare,
  sameShape,
  type DType,
  type Precision,
  type Result,
  type Values,
} from './values.js';

/** A function of one value and its derivative by x; `y` is the value of the function. */
interface Segment {
  readonly f: (x: number) => number;
  readonly derivative: (x: number, y: number) => number;
}

/** A function of one value, segment by segment. */
export interface UnaryFunction {
  /** One more than there are kinks, from left to right. */
  readonly segments: readonly Segment[];
  readonly kinks?: readonly { readonly at: number; readonly inclusive?: boolean }[];
  /** Default: rounded. */
  readonly precision?: Precision;
  /** The value at NaN. Default: NaN. */
  readonly atNaN?: number;
}

export const smooth = (f: Segment['f'], derivative: Segment['derivative']): UnaryFunction => ({
  segments: [{ f, derivative }],
});

const ZERO: Segment = { f: () => 0, derivative: () => 0 };
const IDENTITY: Segment = { f: (x) => x, derivative: () => 1 };
const constant = (value: number): Segment => ({ f: () => value, derivative: () => 0 });
const scaled = (factor: number): Segment => ({ f: (x) => factor * x, derivative: () => factor });

const sigmoidOf = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplusOf = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

export const relu: UnaryFunction = { segments: [ZERO, IDENTITY], kinks: [{ at: 0 }], precision: 'exact' };
export const relu6: UnaryFunction = {
  segments: [ZERO, IDENTITY, constant(6)],
  kinks: [{ at: 0 }, { at: 6 }],
  precision: 'exact',
};
export const leakyRelu = (alpha: number): UnaryFunction => ({
  segments: [scaled(alpha), IDENTITY],
  kinks: [{ at: 0 }],
});
export const thresholdedRelu = (theta: number): UnaryFunction => ({
  segments: [ZERO, IDENTITY],
  kinks: [{ at: theta }],
  precision: 'exact',
});
/** The gradient at 0 is that of the left side, as in TensorFlow.js. */
export const abs: UnaryFunction = {
  segments: [scaled(-1), IDENTITY],
  kinks: [{ at: 0 }],
  precision: 'exact',
};
export const clip = (low: number, high: number): UnaryFunction => ({
  segments: [constant(low), IDENTITY, constant(high)],
  kinks: [{ at: low, inclusive: true }, { at: high }],
  precision: 'exact',
});
/** 0 below -2.5, 1 above 2.5, as in Keras 2 and TensorFlow.js. */
export const hardSigmoid: UnaryFunction = {
  segments: [ZERO, { f: (x) => 0.2 * x + 0.5, derivative: () => 0.2 }, constant(1)],
  kinks: [{ at: -2.5 }, { at: 2.5 }],
};
export const step = (alpha: number): UnaryFunction => ({
  segments: [constant(alpha), constant(1)],
  kinks: [{ at: 0 }],
});

const exponentialUnit = (alpha: number, scale: number): UnaryFunction => ({
  segments: [
    { f: (x) => scale * alpha * Math.expm1(x), derivative: (x) => scale * alpha * Math.exp(x) },
    scaled(scale),
  ],
  kinks: [{ at: 0 }],
});
export const elu = (alpha = 1): UnaryFunction => exponentialUnit(alpha, 1);
export const selu = exponentialUnit(SELU_ALPHA, SELU_SCALE);

export const sigmoid = smooth(sigmoidOf, (_, y) => y * (1 - y));
export const logSigmoid = smooth(
  (x) => -softplusOf(-x),
  (x) => sigmoidOf(-x),
);
export const tanh = smooth(Math.tanh, (_, y) => 1 - y * y);
export const softplus = smooth(softplusOf, sigmoidOf);
export const softsign = smooth(
  (x) => x / (1 + Math.abs(x)),
  (x) => 1 / (1 + Math.abs(x)) ** 2,
);
export const swish = (beta: number) =>
  smooth(
    (x) => x * sigmoidOf(beta * x),
    (x, y) => sigmoidOf(beta * x) + beta * y * (1 - sigmoidOf(beta * x)),
  );
export const mish = smooth(
  (x) => x * Math.tanh(softplusOf(x)),
  (x) => {
    const t = Math.tanh(softplusOf(x));
    return t + x * (1 - t * t) * sigmoidOf(x);
  },
);
const cumulativeNormal = (x: number) => (1 + erfOf(x / Math.SQRT2)) / 2;
export const gelu = smooth(
  (x) => x * cumulativeNormal(x),
  (x) => cumulativeNormal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
);
const GELU_SCALE = Math.sqrt(2 / Math.PI);
export const geluNew = smooth(
  (x) => 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + 0.044715 * x ** 3))),
  (x) => {
    const t = Math.tanh(GELU_SCALE * (x + 0.044715 * x ** 3));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SCALE * (1 + 3 * 0.044715 * x * x);
  },
);

/** The error function: its power series near 0, else its continued fraction (Abramowitz and Stegun 7.1.5, 7.1.14). */
export function erfOf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [sum, term] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / fraction);
}

/** Rounds halves to even, as TensorFlow does. */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** y = f(x), value by value. */
export function unary(
  x: Values,
  { segments, kinks = [], precision = 'rounded', atNaN = NaN }: UnaryFunction,
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
