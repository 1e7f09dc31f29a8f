import { prelu as applyPrelu, unary } from '../../reference/elementwise.js';
import * as functions from '../../reference/unary-functions.js';
import { activate, ACTIVATIONS } from '../activations.js';
import { layer, type LayerSpec } from '../layer-spec.js';

const activation = layer<{ activation: string }>({
  name: 'activation',
  choose: (random) => ({ activation: random.pick(ACTIVATIONS) }),
  code: (options) => options,
  reference: ({ tape, inputs, options }) => activate(tape, inputs[0], options.activation),
});

/** A layer with one number as its option. */
const parametric = (
  name: string,
  option: string,
  values: readonly (number | undefined)[],
  functionOf: (value: number | undefined) => functions.UnaryFunction,
): LayerSpec =>
  layer<{ value?: number }>({
    name,
    choose: (random) => ({ value: random.pick(values) }),
    code: ({ value }) => (value === undefined ? {} : { [option]: value }),
    reference: ({ tape, inputs, options: { value } }) =>
      tape.apply([inputs[0]], (x) => unary(x, functionOf(value), tape.branches)),
  });

const prelu = layer<{ sharedAxes: readonly number[] }>({
  name: 'prelu',
  choose: (random, [shape]) => ({
    sharedAxes: random.pick([[], [1], shape.slice(1).map((_, i) => i + 1)]),
  }),
  code: ({ sharedAxes }) => (sharedAxes.length > 0 ? { sharedAxes } : {}),
  weights: ({ sharedAxes }, shape) => [
    {
      shape: shape.map((size, i) => (sharedAxes.includes(i + 1) ? 1 : size)),
      fill: { kind: 'positive', scale: 0.3 },
    },
  ],
  reference: ({ tape, inputs, weights: [alpha] }) =>
    tape.apply([inputs[0], alpha], (x, a) => applyPrelu(x, a, tape.branches)),
});

export const ACTIVATION_LAYERS: readonly LayerSpec[] = [
  activation,
  parametric('reLU', 'maxValue', [undefined, undefined, 6, 1], (max) =>
    max === undefined ? functions.relu : { ...functions.clip(0, max), kinks: [{ at: 0 }, { at: max }] },
  ),
  parametric('leakyReLU', 'alpha', [undefined, 0.1], (alpha = 0.3) => functions.leakyRelu(alpha)),
  parametric('elu', 'alpha', [undefined], () => functions.elu()),
  parametric('thresholdedReLU', 'theta', [undefined, 0.5], (theta = 1) => functions.thresholdedRelu(theta)),
  layer<object>({
    name: 'softmax',
    choose: () => ({}),
    // The default axis of TensorFlow.js is 1.
    code: () => ({ axis: -1 }),
    reference: ({ tape, inputs }) => activate(tape, inputs[0], 'softmax'),
  }),
  prelu,
];
