import { InputError } from '@convlens/core';
import { isObject } from './json.js';

/** Operations of two tensors that are also a layer. */
const MERGES = ['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum'];

/** Operations of one tensor without options that are also an activation. */
const ACTIVATIONS = ['Relu', 'Relu6', 'Selu', 'Sigmoid', 'Silu', 'Softplus', 'Softsign', 'Tanh'];

interface Layer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Operations of one tensor with options, which default to those of keras.ops. */
const FUNCTIONS: Readonly<Record<string, (options: Record<string, unknown>) => Layer>> = {
  Elu: ({ alpha = 1 }) => ({ className: 'ELU', config: { alpha } }),
  Gelu: ({ approximate = true }) => ({
    className: 'Activation',
    config: { activation: approximate ? 'gelu_tanh' : 'gelu' },
  }),
  LeakyRelu: ({ negative_slope = 0.2 }) => ({ className: 'LeakyReLU', config: { negative_slope } }),
  Softmax: ({ axis = -1 }) => ({ className: 'Softmax', config: { axis } }),
};

/** Marks a merge whose operands have as many axes each: operations count axes from the last one, layers from the first. */
export const ALIGNED = 'operands have one rank';

/** With a number on the right: x times scale plus offset. */
const AFTER: Readonly<Record<string, (number: number) => [scale: number, offset: number]>> = {
  Add: (number) => [1, number],
  Subtract: (number) => [1, -number],
  Multiply: (number) => [number, 0],
  TrueDivide: (number) => [1 / number, 0],
  Divide: (number) => [1 / number, 0],
};

/** With a number on the left. */
const BEFORE: typeof AFTER = {
  Add: AFTER.Add,
  Subtract: (number) => [-1, number],
  Multiply: AFTER.Multiply,
};

const isTensor = (value: unknown) => isObject(value) && value.class_name === '__keras_tensor__';

/**
 * What Keras 3 writes for `x / 255`, `x + y` or `keras.ops.relu(x)` in a Functional model, as the layer that does the
 * same; anything else as it is.
 *
 * @throws InputError that names an operation that is no layer.
 */
export function operationAsLayer(json: Record<string, unknown>, file: string): Record<string, unknown> {
  const { module, class_name: name, config, inbound_nodes: calls } = json;
  if (typeof name !== 'string') return json;
  const [call] = Array.isArray(calls) ? (calls as unknown[]) : [];
  const { args, kwargs } = isObject(call) ? call : {};
  const operands = [...(Array.isArray(args) ? args : []), ...Object.values(isObject(kwargs) ? kwargs : {})];
  // .h5 files do not say where a class is from, but a layer that merges is called on one list.
  const isOperation =
    typeof module === 'string'
      ? /^keras\.(src\.)?ops\b/.test(module)
      : MERGES.includes(name) && operands.length === 2 && !operands.some((one) => Array.isArray(one));
  if (!isOperation) return json;
  const { name: own, ...options } = isObject(config) ? config : {};
  const layer = layerOf(name, { operands, options });
  if (!layer)
    throw new InputError(
      `Expected ${file} to hold what can be built, got the operation ${name} of keras.ops on ` +
        `${operands.map((one) => (isTensor(one) ? 'a tensor' : JSON.stringify(one)?.slice(0, 40))).join(' and ')}: ` +
        'only sums, differences, products and quotients with numbers or other tensors, and activations, are also ' +
        'layers; put it into a layer class of your own, and pass that in customLayers',
    );
  return { ...json, class_name: layer.className, config: { name: own ?? json.name, ...layer.config } };
}

function layerOf(
  name: string,
  { operands, options }: { operands: readonly unknown[]; options: Record<string, unknown> },
): Layer | undefined {
  const [first, second] = operands;
  if (operands.length === 1 && isTensor(first) && Object.hasOwn(FUNCTIONS, name))
    return FUNCTIONS[name](options);
  // What an option would change is not known.
  if (Object.keys(options).length > 0) return undefined;
  if (operands.length === 1)
    return ACTIVATIONS.includes(name) && isTensor(first)
      ? { className: 'Activation', config: { activation: name.toLowerCase() } }
      : undefined;
  if (operands.length !== 2) return undefined;
  if (isTensor(first) && isTensor(second))
    return MERGES.includes(name) ? { className: name, config: { [ALIGNED]: true } } : undefined;
  const [table, number] = isTensor(first) ? [AFTER, second] : [BEFORE, first];
  if (typeof number !== 'number' || !Object.hasOwn(table, name)) return undefined;
  const [scale, offset] = table[name](number);
  return Number.isFinite(scale) ? { className: 'Rescaling', config: { scale, offset } } : undefined;
}
