import { literal } from '../../program.js';
import {
  cumulative,
  extreme,
  indexOfExtreme,
  logical,
  logSumExp,
  mean,
  prod,
  softmax,
  sum,
} from '../../reference/reductions.js';
import { type DType, type Result, type Values } from '../../reference/values.js';
import type { Branches } from '../../reference/branches.js';
import { operation, type Chooser, type OperationSpec, type Wanted } from '../operation-spec.js';

interface Attributes {
  /** undefined: all axes. */
  readonly axes?: readonly number[];
  readonly keepDims: boolean;
}

function chooseAxes({ random }: Chooser, rank: number): Attributes {
  const axes = random
    .shuffled(Array.from({ length: rank }, (_, i) => i))
    .slice(0, random.between(1, Math.max(1, rank)));
  const isAll = random.chance(0.2) || axes.length === 0;
  return { ...(!isAll && { axes }), keepDims: random.chance(0.4) };
}

const allAxes = ({ shape }: Values) => shape.map((_, i) => i);

type Reduce = (
  x: Values,
  options: { axes: readonly number[]; keepDims: boolean },
  branches: Branches,
) => Result;

const reduction = (
  name: string,
  wanted: Wanted,
  reduce: Reduce,
  { notSpecial, gradientOf }: { notSpecial?: string; gradientOf?: readonly number[] } = {},
): OperationSpec =>
  operation<Attributes>({
    name,
    choose(chooser) {
      const x = chooser.any(wanted);
      return { inputs: [x], attributes: chooseAxes(chooser, x.value.shape.length) };
    },
    code: ([x], { axes, keepDims }) => `tf.${name}(${x}, ${axes ? literal(axes) : 'undefined'}, ${keepDims})`,
    reference: ([x], { axes, keepDims }, branches) =>
      reduce(x, { axes: axes ?? allAxes(x), keepDims }, branches),
    notSpecial,
    gradientOf,
  });

const indexOf = (name: 'argMax' | 'argMin'): OperationSpec =>
  operation<{ axis: number }>({
    name,
    choose(chooser) {
      const x = chooser.any({ dtypes: ['float32', 'int32'], minRank: 1, isExact: true, isFilled: true });
      return { inputs: [x], attributes: { axis: chooser.random.below(x.value.shape.length) } };
    },
    code: ([x], { axis }) => `tf.${name}(${x}, ${axis})`,
    reference: ([x], { axis }) => indexOfExtreme(x, name === 'argMax' ? 'max' : 'min', axis),
    notSpecial: 'the index of NaN is not defined',
  });

const softmaxOf = (name: 'softmax' | 'logSoftmax'): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ['float32'], minRank: 1 })], attributes: {} }),
    code: ([x]) => `tf.${name}(${x})`,
    reference: ([x]) => softmax(x, { logarithm: name === 'logSoftmax' }),
  });

const scan = (name: 'cumsum' | 'cumprod'): OperationSpec =>
  operation<{ axis: number; exclusive: boolean; reverse: boolean }>({
    name,
    choose(chooser) {
      const { random } = chooser;
      const x = chooser.any({ dtypes: ['float32', 'int32'], minRank: 1 });
      return {
        inputs: [x],
        attributes: {
          axis: random.below(x.value.shape.length),
          exclusive: random.chance(0.3),
          reverse: random.chance(0.3),
        },
      };
    },
    code: ([x], { axis, exclusive, reverse }) => `tf.${name}(${x}, ${axis}, ${exclusive}, ${reverse})`,
    reference: ([x], attributes) => cumulative(x, name === 'cumsum' ? 'sum' : 'prod', attributes),
  });

const NUMBERS: readonly DType[] = ['float32', 'int32'];

export const REDUCTIONS: readonly OperationSpec[] = [
  reduction('sum', { dtypes: NUMBERS }, (x, options) => sum(x, options)),
  reduction('mean', { dtypes: ['float32'] }, (x, options) => mean(x, options)),
  reduction('max', { dtypes: NUMBERS }, (x, options, branches) => extreme(x, 'max', options, branches)),
  reduction('min', { dtypes: NUMBERS }, (x, options, branches) => extreme(x, 'min', options, branches)),
  reduction('prod', { dtypes: ['float32'] }, (x, options) => prod(x, options), { gradientOf: [] }),
  reduction('logSumExp', { dtypes: ['float32'] }, (x, options) => logSumExp(x, options), {
    notSpecial: 'infinite values are subtracted from each other',
  }),
  reduction('all', { dtypes: ['bool'] }, (x, options) => logical(x, 'all', options)),
  reduction('any', { dtypes: ['bool'] }, (x, options) => logical(x, 'any', options)),
  indexOf('argMax'),
  indexOf('argMin'),
  softmaxOf('softmax'),
  softmaxOf('logSoftmax'),
  scan('cumsum'),
  scan('cumprod'),
];
