import { reshape } from '../../reference/arrangement.js';
import { add, binary, unary } from '../../reference/elementwise.js';
import { smooth } from '../../reference/unary-functions.js';
import { matMul } from '../../reference/matmul.js';
import { sizeOf } from '../../reference/values.js';
import { activate, ACTIVATIONS, COMMON_ACTIVATIONS } from '../activations.js';
import { layer, type LayerSpec } from '../layer-spec.js';

interface DenseOptions {
  readonly units: number;
  readonly activation: string;
  readonly useBias: boolean;
}

const dense = layer<DenseOptions>({
  name: 'dense',
  choose: (random) => ({
    units: random.pick([1, 2, 3, 5, 8, 10, 17, 32]),
    activation: random.pick(random.chance(0.8) ? COMMON_ACTIVATIONS : ACTIVATIONS),
    useBias: random.chance(0.8),
  }),
  code: ({ units, activation, useBias }) => ({
    units,
    ...(activation !== 'linear' && { activation }),
    ...(!useBias && { useBias }),
  }),
  weights: ({ units, useBias }, shape) => [
    {
      shape: [shape.at(-1)!, units],
      fill: { kind: 'normal', scale: Number(Math.sqrt(2 / shape.at(-1)!).toPrecision(3)) },
    },
    ...(useBias ? [{ shape: [units], fill: { kind: 'normal', scale: 0.3 } as const }] : []),
  ],
  cost: ({ units }, shape) => sizeOf(shape) * units,
  reference({ tape, inputs: [x], weights: [kernel, bias], options: { activation } }) {
    const rows = x.value.shape.slice(0, -1);
    const matrix = tape.apply([x], (values) => reshape(values, [sizeOf(rows), values.shape.at(-1)!]));
    const product = tape.apply([matrix, kernel], (a, b) => matMul(a, b));
    const units = product.value.shape[1];
    const y = tape.apply([product], (values) => reshape(values, [...rows, units]));
    const biased = bias ? tape.apply([y, bias], (a, b) => binary(a, b, add)) : y;
    return activate(tape, biased, activation);
  },
  simpler: (options) => [
    { ...options, activation: 'linear' },
    { ...options, useBias: false },
    ...[1, 2].filter((units) => units < options.units).map((units) => ({ ...options, units })),
  ],
});

/** Layers that change nothing in inference; graphs with one of them are not trained. */
const inference = (name: string, options: Readonly<Record<string, number>>): LayerSpec =>
  layer<object>({
    name,
    choose: () => ({}),
    code: () => options,
    reference: ({ inputs }) => inputs[0],
  });

const rescaling = layer<{ scale: number; offset: number }>({
  name: 'rescaling',
  choose: () => ({ scale: 0.5, offset: 0.25 }),
  code: (options) => options,
  reference: ({ tape, inputs, options: { scale, offset } }) => {
    const affine = smooth(
      (x) => x * scale + offset,
      () => scale,
    );
    return tape.apply([inputs[0]], (x) => unary(x, affine));
  },
});

/** Random in training. */
export const RANDOM_LAYERS: ReadonlySet<string> = new Set([
  'dropout',
  'gaussianNoise',
  'gaussianDropout',
  'alphaDropout',
]);

export const OTHER_LAYERS: readonly LayerSpec[] = [
  dense,
  inference('dropout', { rate: 0.4 }),
  inference('gaussianNoise', { stddev: 0.5 }),
  inference('gaussianDropout', { rate: 0.4 }),
  inference('alphaDropout', { rate: 0.4 }),
  rescaling,
];
