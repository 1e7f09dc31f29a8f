import { literal } from '../../program.js';
import { unary as applyUnary } from '../../reference/elementwise.js';
import * as functions from '../../reference/unary-functions.js';
import { mapValues, type DType } from '../../reference/values.js';
import { operation, type OperationSpec, type Wanted } from '../operation-spec.js';

interface UnaryOptions {
  readonly wanted?: Wanted;
  readonly code?: (x: string) => string;
  readonly notSpecial?: string;
}

const unary = (
  name: string,
  f: functions.UnaryFunction,
  { wanted, code, notSpecial }: UnaryOptions = {},
): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ['float32'], ...wanted })], attributes: {} }),
    code: ([x]) => (code ? code(x) : `tf.${name}(${x})`),
    reference: ([x], _, branches) => applyUnary(x, f, branches),
    notSpecial,
  });

const { smooth } = functions;

/** Without a gradient: steps. */
const stepwise = (f: (x: number) => number): functions.UnaryFunction => ({
  segments: [{ f, derivative: () => 0 }],
  precision: 'exact',
});

/** A result of 0 may have either sign. */
const SIGN_OF_ZERO = 'the sign of 0 decides that of infinity';

const SMOOTH: readonly OperationSpec[] = [
  unary('neg', {
    ...smooth(
      (x) => -x,
      () => -1,
    ),
    precision: 'exact',
  }),
  unary(
    'exp',
    smooth(Math.exp, (_, y) => y),
  ),
  unary(
    'expm1',
    smooth(Math.expm1, (x) => Math.exp(x)),
  ),
  unary(
    'log',
    smooth(Math.log, (x) => 1 / x),
    { wanted: { isPositive: true } },
  ),
  unary(
    'log1p',
    smooth(Math.log1p, (x) => 1 / (1 + x)),
    { wanted: { isPositive: true } },
  ),
  unary(
    'sqrt',
    smooth(Math.sqrt, (_, y) => 0.5 / y),
    { wanted: { isPositive: true } },
  ),
  unary(
    'rsqrt',
    smooth(
      (x) => 1 / Math.sqrt(x),
      (x, y) => (-0.5 * y) / x,
    ),
    { wanted: { isPositive: true }, notSpecial: SIGN_OF_ZERO },
  ),
  unary(
    'square',
    smooth(
      (x) => x * x,
      (x) => 2 * x,
    ),
  ),
  unary(
    'reciprocal',
    smooth(
      (x) => 1 / x,
      (x) => -1 / (x * x),
    ),
    { wanted: { isPositive: true }, notSpecial: SIGN_OF_ZERO },
  ),
  unary(
    'sin',
    smooth(Math.sin, (x) => Math.cos(x)),
  ),
  unary(
    'cos',
    smooth(Math.cos, (x) => -Math.sin(x)),
  ),
  unary(
    'atan',
    smooth(Math.atan, (x) => 1 / (1 + x * x)),
  ),
  unary(
    'asinh',
    smooth(Math.asinh, (x) => 1 / Math.sqrt(1 + x * x)),
  ),
  unary('sigmoid', functions.sigmoid),
  unary('logSigmoid', functions.logSigmoid),
  unary('tanh', functions.tanh),
  unary('softplus', functions.softplus),
  unary('erf', {
    ...smooth(functions.erfOf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
    // TensorFlow.js subtracts from 1: its error is relative to 1, also near 0.
    scale: 1,
  }),
];

const KINKED: readonly OperationSpec[] = [
  unary('abs', functions.abs),
  unary('relu', functions.relu),
  unary('relu6', functions.relu6),
  unary('elu', functions.elu()),
  unary('selu', functions.selu),
  unary('leakyRelu', functions.leakyRelu(Math.fround(0.1)), { code: (x) => `tf.leakyRelu(${x}, 0.1)` }),
  unary('clipByValue', functions.clip(-0.5, 0.75), { code: (x) => `tf.clipByValue(${x}, -0.5, 0.75)` }),
];

const exact: Wanted = { isExact: true };
const STEPWISE: readonly OperationSpec[] = [
  unary('ceil', stepwise(Math.ceil), { wanted: exact }),
  unary('floor', stepwise(Math.floor), { wanted: exact }),
  unary('round', stepwise(functions.roundHalfToEven), { wanted: exact }),
  unary('sign', stepwise(Math.sign), { wanted: exact, notSpecial: 'TensorFlow.js defines sign(NaN) as 0' }),
  unary(
    'step',
    stepwise((x) => (x > 0 ? 1 : 0)),
    { wanted: exact },
  ),
];

const COMPARABLE: readonly DType[] = ['float32', 'int32', 'bool'];

const cast = operation<{ dtype: DType }>({
  name: 'cast',
  choose(chooser) {
    const x = chooser.any({ dtypes: COMPARABLE, isExact: true });
    return { inputs: [x], attributes: { dtype: chooser.random.pick(COMPARABLE) } };
  },
  code: ([x], { dtype }) => `tf.cast(${x}, '${dtype}')`,
  reference([x], { dtype }) {
    const convert = (v: number) =>
      dtype === 'bool' ? Number(v !== 0) : dtype === 'int32' ? Math.trunc(v) : v;
    return { value: mapValues(x, convert, dtype), precision: 'exact' };
  },
  notSpecial: 'NaN and infinity have no integer',
  weight: 2,
});

const constantLike = (name: 'zerosLike' | 'onesLike', value: number): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: [chooser.any({ dtypes: COMPARABLE })], attributes: {} }),
    code: ([x]) => `tf.${name}(${x})`,
    reference: ([x]) => ({ value: mapValues(x, () => value), precision: 'exact' }),
  });

const fill = operation<{ shape: readonly number[]; value: number }>({
  name: 'fill',
  choose: (chooser) => ({
    inputs: [],
    attributes: { shape: chooser.shape(0, 6), value: chooser.random.pick([0, 1, -2.5]) },
  }),
  code: (_, { shape, value }) => `tf.fill(${literal(shape)}, ${value})`,
  reference: (_, { shape, value }) => ({
    value: mapValues(
      { shape, dtype: 'float32', data: new Float64Array(shape.reduce((a, b) => a * b, 1)) },
      () => value,
    ),
    precision: 'exact',
  }),
});

/** Values that are NaN, infinite or neither. */
const tests: readonly OperationSpec[] = (
  [
    ['isNaN', (v: number) => Number.isNaN(v)],
    ['isInf', (v: number) => Math.abs(v) === Infinity],
    ['isFinite', (v: number) => Number.isFinite(v)],
  ] as const
).map(([name, f]) =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ['float32'], isExact: true })], attributes: {} }),
    code: ([x]) => `tf.${name}(${x})`,
    reference: ([x]) => ({ value: mapValues(x, (v) => Number(f(v)), 'bool'), precision: 'exact' }),
  }),
);

/** Operations on one tensor, value by value. */
export const UNARY: readonly OperationSpec[] = [
  ...SMOOTH,
  ...KINKED,
  ...STEPWISE,
  cast,
  constantLike('zerosLike', 0),
  constantLike('onesLike', 1),
  fill,
  ...tests,
];
