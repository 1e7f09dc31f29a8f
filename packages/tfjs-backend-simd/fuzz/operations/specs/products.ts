import { literal } from '../../program.js';
import { add, binary, unary } from '../../reference/elementwise.js';
import { elu, leakyRelu, relu, relu6, sigmoid, type UnaryFunction } from '../../reference/unary-functions.js';
import { matMul } from '../../reference/matmul.js';
import { Tape } from '../../reference/tape.js';
import type { Branches } from '../../reference/branches.js';
import type { Result, Values } from '../../reference/values.js';
import { operation, type Chooser, type Known, type OperationSpec } from '../operation-spec.js';

/** The activations that tf.fused takes. */
export const LEAKY_ALPHA = 0.2;
export const FUSED_ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number];

const FUNCTIONS: Readonly<Record<FusedActivation, UnaryFunction | undefined>> = {
  linear: undefined,
  relu,
  relu6,
  elu: elu(),
  sigmoid,
  leakyrelu: leakyRelu(LEAKY_ALPHA),
};

/** Products, then a bias along the last axis and an activation, as one operation. */
export function fused(
  inputs: readonly Values[],
  product: (a: Values, b: Values) => Result,
  activation: FusedActivation,
  branches: Branches,
): Result {
  // A tape of its own: errors are added to the result as a whole.
  const tape = new Tape({ branches, round: ({ value }) => value });
  const sources = inputs.map((value) => tape.leaf(value));
  let products: Result | undefined;
  const y = tape.apply(sources.slice(0, 2), (a, b) => (products = product(a, b)));
  const biased = sources[2] ? tape.apply([y, sources[2]], (a, b) => binary(a, b, add)) : y;
  const f = FUNCTIONS[activation];
  const activated = f ? tape.apply([biased], (values) => unary(values, f, branches)) : biased;
  const { precision, scale } = products!;
  return {
    value: activated.value,
    precision,
    scale,
    gradient: (dy) =>
      tape
        .gradients([[activated, dy]], sources)
        .map((value) => ({ value, precision, scale: scale && scaleOf(dy) })),
  };
}

const scaleOf = (dy: Values) =>
  Math.sqrt(dy.data.reduce((sum, d) => sum + d * d, 0) / Math.max(1, dy.data.length));

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Two matrices, or batches of them, that multiply. */
function chooseOperands(
  chooser: Chooser,
  { isFlat = false } = {},
): { inputs: Known[]; attributes: Attributes } {
  const { random } = chooser;
  const a = chooser.any({ dtypes: ['float32'], minRank: 2, maxRank: isFlat ? 2 : 5 });
  const transposeA = random.chance(0.3);
  const transposeB = random.chance(0.3);
  const { shape } = a.value;
  const inner = shape.at(transposeA ? -2 : -1)!;
  const columns = random.pick([1, 2, 3, 5, 8, 9, 16, 33]);
  const matrix = transposeB ? [columns, inner] : [inner, columns];
  const batch = shape.slice(0, -2);
  const batchB = random.chance(0.6) ? batch : random.chance(0.5) ? batch.map(() => 1) : [];
  return { inputs: [a, chooser.of([...batchB, ...matrix])], attributes: { transposeA, transposeB } };
}

const plain = operation<Attributes>({
  name: 'matMul',
  choose: (chooser) => chooseOperands(chooser),
  code: ([a, b], { transposeA, transposeB }) => `tf.matMul(${a}, ${b}, ${transposeA}, ${transposeB})`,
  reference: ([a, b], attributes) => matMul(a, b, attributes),
  spreadsNaN: true,
  weight: 3,
});

const fusedMatMul = operation<Attributes & { activation: FusedActivation }>({
  name: 'fused.matMul',
  choose(chooser) {
    const { random } = chooser;
    const { inputs, attributes } = chooseOperands(chooser, { isFlat: random.chance(0.6) });
    const columns = inputs[1].value.shape.at(attributes.transposeB ? -2 : -1)!;
    const bias = random.chance(0.7) ? [chooser.of([columns])] : [];
    return {
      inputs: [...inputs, ...bias],
      attributes: { ...attributes, activation: random.pick(FUSED_ACTIVATIONS) },
    };
  },
  code: ([a, b, bias], attributes) =>
    `tf.fused.matMul({ a: ${a}, b: ${b}, ${bias ? `bias: ${bias}, ` : ''}...${literal(attributes)}, leakyreluAlpha: ${LEAKY_ALPHA} })`,
  reference: (inputs, { activation, ...transposes }, branches) =>
    fused(inputs, (a, b) => matMul(a, b, transposes), activation, branches),
  spreadsNaN: true,
});

export const PRODUCTS: readonly OperationSpec[] = [plain, fusedMatMul];
