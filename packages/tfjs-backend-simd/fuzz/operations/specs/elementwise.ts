import { literal } from '../../program.js';
import { broadcastShape, sourceIndices } from '../../reference/broadcasting.js';
import * as functions from '../../reference/elementwise.js';
import { mapValues, type DType, type Result } from '../../reference/values.js';
import { operation, type Chooser, type Known, type OperationSpec, type Wanted } from '../operation-spec.js';

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
    reference: ([x], _, branches) => functions.unary(x, f, branches),
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
  unary(
    'erf',
    smooth(functions.erfOf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
  ),
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

/** Two shapes that broadcast: the shape of x, and one with some dimensions 1 or missing. */
function partner(chooser: Chooser, x: Known, options: { isPositive?: boolean; dtype?: DType } = {}): Known {
  const { random } = chooser;
  const { shape } = x.value;
  const kept = random.chance(0.4) ? shape : shape.map((size) => (random.chance(0.4) ? 1 : size));
  const other = random.chance(0.4) ? kept.slice(random.below(shape.length + 1)) : kept;
  return chooser.of(other, { dtype: x.value.dtype, ...options });
}

const pairOf = (
  chooser: Chooser,
  wanted: Wanted,
  options: { isPositive?: boolean } = {},
): readonly Known[] => {
  const x = chooser.any(wanted);
  const y = partner(chooser, x, options);
  return options.isPositive || chooser.random.chance(0.6) ? [x, y] : [y, x];
};

const binary = (
  name: string,
  f: functions.BinaryFunction,
  dtypes: readonly DType[],
  options: { isPositive?: boolean; notSpecial?: string } = {},
): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: pairOf(chooser, { dtypes }, options), attributes: {} }),
    code: ([a, b]) => `tf.${name}(${a}, ${b})`,
    reference: ([a, b]) => functions.binary(a, b, f),
    notSpecial: options.notSpecial,
    weight: 2,
  });

const extremum = (name: 'maximum' | 'minimum'): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: pairOf(chooser, { dtypes: ['float32', 'int32'] }), attributes: {} }),
    code: ([a, b]) => `tf.${name}(${a}, ${b})`,
    reference: ([a, b], _, branches) => functions.extremum(a, b, name, branches),
    weight: 2,
  });

const NUMBERS: readonly DType[] = ['float32', 'int32'];

const BINARY: readonly OperationSpec[] = [
  binary('add', functions.add, NUMBERS),
  binary('sub', functions.subtract, NUMBERS),
  binary('mul', functions.multiply, NUMBERS),
  binary('div', functions.divide, ['float32'], { isPositive: true, notSpecial: SIGN_OF_ZERO }),
  binary('squaredDifference', functions.squaredDifference, NUMBERS),
  extremum('maximum'),
  extremum('minimum'),
  operation<object>({
    name: 'pow',
    choose(chooser) {
      const x = chooser.any({ dtypes: ['float32'], isPositive: true });
      return { inputs: [x, partner(chooser, x)], attributes: {} };
    },
    code: ([a, b]) => `tf.pow(${a}, ${b})`,
    reference: ([a, b]) => functions.binary(a, b, functions.power),
    notSpecial: 'JavaScript, C and TensorFlow define powers of NaN and 1 in different ways',
  }),
];

/** A function of two exact values without a gradient. */
const discrete = (
  name: string,
  f: (a: number, b: number) => number,
  { dtypes, out, notSpecial }: { dtypes: readonly DType[]; out?: DType; notSpecial?: string },
): OperationSpec =>
  operation<object>({
    name,
    choose(chooser) {
      const x = chooser.any({ dtypes, isExact: true });
      const { random } = chooser;
      // A tensor compared with itself, or a copy, has equal values.
      const y = random.chance(0.2) ? x : partner(chooser, x);
      return y.precision === 'exact' ? { inputs: [x, y], attributes: {} } : undefined;
    },
    code: ([a, b]) => `tf.${name}(${a}, ${b})`,
    reference: ([a, b]): Result => {
      const { value } = functions.binary(a, b, { f, da: () => 0, db: () => 0 }, out ?? a.dtype);
      return { value, precision: 'exact' };
    },
    notSpecial,
  });

const COMPARABLE: readonly DType[] = ['float32', 'int32', 'bool'];
const toBit = (f: (a: number, b: number) => boolean) => (a: number, b: number) => Number(f(a, b));

const DISCRETE: readonly OperationSpec[] = [
  discrete(
    'equal',
    toBit((a, b) => a === b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'notEqual',
    toBit((a, b) => a !== b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'greater',
    toBit((a, b) => a > b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'greaterEqual',
    toBit((a, b) => a >= b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'less',
    toBit((a, b) => a < b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'lessEqual',
    toBit((a, b) => a <= b),
    { dtypes: NUMBERS, out: 'bool' },
  ),
  discrete(
    'logicalAnd',
    toBit((a, b) => Boolean(a) && Boolean(b)),
    { dtypes: ['bool'] },
  ),
  discrete(
    'logicalOr',
    toBit((a, b) => Boolean(a) || Boolean(b)),
    { dtypes: ['bool'] },
  ),
  discrete(
    'logicalXor',
    toBit((a, b) => Boolean(a) !== Boolean(b)),
    { dtypes: ['bool'] },
  ),
  operation<object>({
    name: 'logicalNot',
    choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ['bool'] })], attributes: {} }),
    code: ([x]) => `tf.logicalNot(${x})`,
    reference: ([x]) => ({ value: mapValues(x, (v) => Number(!v)), precision: 'exact' }),
  }),
];

const where = operation<object>({
  name: 'where',
  choose(chooser) {
    const x = chooser.any({ dtypes: NUMBERS });
    const { random } = chooser;
    const condition = chooser.of(x.value.shape, { dtype: 'bool' });
    return {
      inputs: [
        condition,
        x,
        random.chance(0.6) ? chooser.of(x.value.shape, { dtype: x.value.dtype }) : partner(chooser, x),
      ],
      attributes: {},
    };
  },
  code: ([c, a, b]) => `tf.where(${c}, ${a}, ${b})`,
  reference([c, a, b]) {
    const shape = broadcastShape(c.shape, broadcastShape(a.shape, b.shape));
    const [ic, ia, ib] = [c, a, b].map((x) => sourceIndices(x.shape, shape));
    return {
      value: {
        shape,
        dtype: a.dtype,
        data: Float64Array.from(ic, (at, i) => (c.data[at] ? a.data[ia[i]] : b.data[ib[i]])),
      },
      precision: 'exact',
    };
  },
});

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

const addN = operation<object>({
  name: 'addN',
  choose(chooser) {
    const x = chooser.any({ dtypes: ['float32'] });
    const others = Array.from({ length: chooser.random.between(0, 3) }, () => chooser.of(x.value.shape));
    return { inputs: [x, ...others], attributes: {} };
  },
  code: (inputs) => `tf.addN([${inputs.join(', ')}])`,
  reference: (inputs) => ({
    value: mapValues(inputs[0], (_, i) => inputs.reduce((sum, { data }) => sum + data[i], 0)),
    precision: inputs.length > 1 ? 'rounded' : 'exact',
    gradient: (dy) => inputs.map(() => ({ value: dy, precision: 'exact' as const })),
  }),
});

const prelu = operation<object>({
  name: 'prelu',
  choose(chooser) {
    const x = chooser.any({ dtypes: ['float32'] });
    return { inputs: [x, partner(chooser, x)], attributes: {} };
  },
  code: ([x, alpha]) => `tf.prelu(${x}, ${alpha})`,
  reference: ([x, alpha], _, branches) => functions.prelu(x, alpha, branches),
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

export const ELEMENTWISE: readonly OperationSpec[] = [
  ...SMOOTH,
  ...KINKED,
  ...STEPWISE,
  ...BINARY,
  ...DISCRETE,
  where,
  cast,
  addN,
  prelu,
  constantLike('zerosLike', 0),
  constantLike('onesLike', 1),
  fill,
  ...tests,
];
