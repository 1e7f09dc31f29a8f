import { broadcastShape, sourceIndices } from '../../reference/broadcasting.js';
import * as elementwise from '../../reference/elementwise.js';
import { mapValues, type DType, type Result } from '../../reference/values.js';
import { operation, type Chooser, type Known, type OperationSpec, type Wanted } from '../operation-spec.js';

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
  f: elementwise.BinaryFunction,
  dtypes: readonly DType[],
  options: { isPositive?: boolean; notSpecial?: string } = {},
): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: pairOf(chooser, { dtypes }, options), attributes: {} }),
    code: ([a, b]) => `tf.${name}(${a}, ${b})`,
    reference: ([a, b]) => elementwise.binary(a, b, f),
    notSpecial: options.notSpecial,
    weight: 2,
  });

const extremum = (name: 'maximum' | 'minimum'): OperationSpec =>
  operation<object>({
    name,
    choose: (chooser) => ({ inputs: pairOf(chooser, { dtypes: ['float32', 'int32'] }), attributes: {} }),
    code: ([a, b]) => `tf.${name}(${a}, ${b})`,
    reference: ([a, b], _, branches) => elementwise.extremum(a, b, name, branches),
    weight: 2,
  });

const NUMBERS: readonly DType[] = ['float32', 'int32'];

const ARITHMETIC: readonly OperationSpec[] = [
  binary('add', elementwise.add, NUMBERS),
  binary('sub', elementwise.subtract, NUMBERS),
  binary('mul', elementwise.multiply, NUMBERS),
  binary('div', elementwise.divide, ['float32'], {
    isPositive: true,
    notSpecial: 'the sign of 0 decides that of infinity',
  }),
  binary('squaredDifference', elementwise.squaredDifference, NUMBERS),
  extremum('maximum'),
  extremum('minimum'),
  operation<object>({
    name: 'pow',
    choose(chooser) {
      const x = chooser.any({ dtypes: ['float32'], isPositive: true });
      return { inputs: [x, partner(chooser, x)], attributes: {} };
    },
    code: ([a, b]) => `tf.pow(${a}, ${b})`,
    reference: ([a, b]) => elementwise.binary(a, b, elementwise.power),
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
      const { value } = elementwise.binary(a, b, { f, da: () => 0, db: () => 0 }, out ?? a.dtype);
      return { value, precision: 'exact' };
    },
    notSpecial,
  });

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
  reference: ([x, alpha], _, branches) => elementwise.prelu(x, alpha, branches),
});

/** Operations on several tensors, value by value, with broadcasting. */
export const BINARY: readonly OperationSpec[] = [...ARITHMETIC, ...DISCRETE, where, addN, prelu];
