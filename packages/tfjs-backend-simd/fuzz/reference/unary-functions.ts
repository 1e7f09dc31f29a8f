import type { Precision } from './values.js';

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
  /** The size of the terms that TensorFlow.js adds, where they may be larger than the result. Default: none are. */
  readonly scale?: number;
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
