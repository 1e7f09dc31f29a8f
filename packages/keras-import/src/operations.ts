import { InputError } from '@convlens/core';
import { isObject } from './json.js';

/** Operations of two tensors that are also a layer. */
const MERGES = ['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum'];

/** Operations of one tensor that are also an activation. */
const ACTIVATIONS = [
  'Elu',
  'Gelu',
  'Relu',
  'Relu6',
  'Selu',
  'Sigmoid',
  'Silu',
  'Softplus',
  'Softsign',
  'Tanh',
];

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
  if (typeof module !== 'string' || !/^keras\.(src\.)?ops\b/.test(module) || typeof name !== 'string')
    return json;
  const [call] = Array.isArray(calls) ? (calls as unknown[]) : [];
  const { args, kwargs } = isObject(call) ? call : {};
  const operands = [...(Array.isArray(args) ? args : []), ...Object.values(isObject(kwargs) ? kwargs : {})];
  const layer = layerOf(name, operands);
  if (!layer)
    throw new InputError(
      `Expected ${file} to hold what can be built, got the operation ${name} of keras.ops on ` +
        `${operands.map((one) => (isTensor(one) ? 'a tensor' : JSON.stringify(one)?.slice(0, 40))).join(' and ')}: ` +
        'only sums, differences, products and quotients with numbers or other tensors, and activations, are also ' +
        'layers; put it into a layer class of your own, and pass that in customLayers',
    );
  const own = isObject(config) ? config.name : undefined;
  return { ...json, class_name: layer.className, config: { name: own ?? json.name, ...layer.config } };
}

function layerOf(name: string, operands: readonly unknown[]) {
  const [first, second] = operands;
  if (operands.length === 1)
    return ACTIVATIONS.includes(name) && isTensor(first)
      ? { className: 'Activation', config: { activation: name.toLowerCase() } }
      : undefined;
  if (operands.length !== 2) return undefined;
  if (isTensor(first) && isTensor(second))
    return MERGES.includes(name) ? { className: name, config: {} } : undefined;
  const [table, number] = isTensor(first) ? [AFTER, second] : [BEFORE, first];
  if (typeof number !== 'number' || !Object.hasOwn(table, name)) return undefined;
  const [scale, offset] = table[name](number);
  return Number.isFinite(scale) ? { className: 'Rescaling', config: { scale, offset } } : undefined;
}
