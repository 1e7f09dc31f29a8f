import { InputError } from '@convlens/core';
import { isObject } from '../keras/json.js';
import { isKerasTensor } from '../keras/keras-history.js';
import { constantValues, selectedChannels } from './operands.js';

/** Operations of two tensors that are also layers. */
const MERGE_OPERATIONS = ['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum'];

/** Operations of one tensor, without options, that are also activation functions. */
const ACTIVATION_OPERATIONS: Readonly<Record<string, string>> = {
  ...{ Relu: 'relu', Relu6: 'relu6', Selu: 'selu', Sigmoid: 'sigmoid', Silu: 'silu', Softplus: 'softplus' },
  ...{
    Softsign: 'softsign',
    Tanh: 'tanh',
    Exp: 'exponential',
    HardSigmoid: 'hard_sigmoid',
    HardSilu: 'hard_silu',
  },
};

/** Operations of one tensor that are built from their options, see tensorOperations. */
const TENSOR_OPERATIONS = [
  ...['Absolute', 'Clip', 'ExpandDims', 'Log', 'Max', 'Mean', 'Min', 'Sqrt', 'Square', 'Squeeze', 'Sum'],
];

interface LayerDescription {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

type Options = Readonly<Record<string, unknown>>;

const activationLayer = (activation: string) => ({ className: 'Activation', config: { activation } });

/** Operations of one tensor with options, whose defaults are those of keras.ops. */
const PARAMETRIC_OPERATIONS: Readonly<Record<string, (options: Options) => LayerDescription | undefined>> = {
  Elu: ({ alpha = 1 }) => ({ className: 'ELU', config: { alpha } }),
  Gelu: ({ approximate = true }) => activationLayer(approximate ? 'gelu_tanh' : 'gelu'),
  LeakyRelu: ({ negative_slope = 0.2 }) => ({ className: 'LeakyReLU', config: { negative_slope } }),
  Negative: () => ({ className: 'Rescaling', config: { scale: -1, offset: 0 } }),
  Reshape: ({ newshape }) => ({ className: 'ReshapeTensor', config: { newshape } }),
  Softmax: ({ axis = -1 }) => ({ className: 'Softmax', config: { axis } }),
  // The axis of the batch stays the first: a Permute layer counts the others from 1.
  Transpose: ({ axes }) =>
    Array.isArray(axes) && axes[0] === 0
      ? { className: 'Permute', config: { dims: axes.slice(1) } }
      : undefined,
};

/** Operations of several tensors in a list. */
const LIST_OPERATIONS: Readonly<Record<string, (options: Options) => LayerDescription | undefined>> = {
  Concatenate: ({ axis = -1 }) => (axis === 0 ? undefined : { className: 'Concatenate', config: { axis } }),
  Stack: ({ axis = 0 }) => ({ className: 'StackTensors', config: { axis } }),
};

/** Operations that no layer class of Keras has the name of. */
const OPERATION_NAMES = [
  ...Object.keys(ACTIVATION_OPERATIONS),
  ...TENSOR_OPERATIONS,
  ...[
    'Cast',
    'Divide',
    'Elu',
    'Gelu',
    'GetItem',
    'LeakyRelu',
    'Negative',
    'Power',
    'Stack',
    'Transpose',
    'TrueDivide',
  ],
];

/**
 * A config key that marks an operation as a merge layer. Its operands must have the same rank, because
 * operations align axes at the last one, and merge layers at the first one.
 */
export const SAME_RANK = 'operands have one rank';

/** Operations of x and a number, or a number per channel, as x * scale + offset. */
type ScalarOperations = Readonly<Record<string, (number: number) => [scale: number, offset: number]>>;

const SCALAR_ON_THE_RIGHT: ScalarOperations = {
  Add: (number) => [1, number],
  Subtract: (number) => [1, -number],
  Multiply: (number) => [number, 0],
  TrueDivide: (number) => [1 / number, 0],
  Divide: (number) => [1 / number, 0],
};

const SCALAR_ON_THE_LEFT: ScalarOperations = {
  Add: SCALAR_ON_THE_RIGHT.Add,
  Subtract: (number) => [-1, number],
  Multiply: SCALAR_ON_THE_RIGHT.Multiply,
};

/**
 * Converts an operation that Keras 3 writes for `x / 255`, `x + y` or `keras.ops.relu(x)` to the layer that
 * computes the same. Returns anything else unchanged.
 *
 * @throws InputError that names an operation without such a layer
 */
export function operationToLayer(json: Record<string, unknown>, file: string): Record<string, unknown> {
  const { class_name: name, config } = json;
  const operands = firstCallArguments(json);
  if (typeof name !== 'string' || !isOperation(json, name, operands)) return json;
  const { name: layerName, ...options } = isObject(config) ? config : {};
  const layer = findLayer(name, operands, options);
  if (!layer) throw unsupportedOperation(name, operands, file);
  return { ...json, class_name: layer.className, config: { name: layerName ?? json.name, ...layer.config } };
}

/** All arguments of the first call in a Keras 3 file. */
function firstCallArguments({ inbound_nodes: calls }: Record<string, unknown>): unknown[] {
  const [call] = Array.isArray(calls) ? (calls as unknown[]) : [];
  const { args, kwargs } = isObject(call) ? call : {};
  return [...(Array.isArray(args) ? args : []), ...Object.values(isObject(kwargs) ? kwargs : {})];
}

/**
 * An .h5 file does not have the module of a class. There a merge layer has one list as argument, an operation
 * has two.
 */
function isOperation(
  { module, config }: Record<string, unknown>,
  name: string,
  operands: readonly unknown[],
): boolean {
  if (typeof module === 'string') return /^keras\.(src\.)?ops\b/.test(module);
  if (OPERATION_NAMES.includes(name) || (name === 'Reshape' && isObject(config) && 'newshape' in config))
    return operands.length > 0;
  return (
    MERGE_OPERATIONS.includes(name) &&
    operands.length === 2 &&
    !operands.some((operand) => Array.isArray(operand))
  );
}

function findLayer(
  name: string,
  operands: readonly unknown[],
  options: Options,
): LayerDescription | undefined {
  const [first, second] = operands;
  if (name === 'Cast')
    return isFloatCast(operands, options) ? { className: 'Identity', config: {} } : undefined;
  if (operands.length === 1 && Array.isArray(first) && Object.hasOwn(LIST_OPERATIONS, name))
    return first.every(isKerasTensor) ? LIST_OPERATIONS[name](options) : undefined;
  if (operands.length === 1 && isKerasTensor(first) && Object.hasOwn(PARAMETRIC_OPERATIONS, name))
    return PARAMETRIC_OPERATIONS[name](options);
  if (operands.length === 1 && isKerasTensor(first) && TENSOR_OPERATIONS.includes(name))
    return { className: name, config: options };
  // The meaning of options of other operations is unknown.
  if (Object.keys(options).length > 0) return undefined;
  if (operands.length === 1) return isKerasTensor(first) ? findActivation(name) : undefined;
  if (operands.length !== 2) return undefined;
  if (isKerasTensor(first) && isKerasTensor(second)) return findMerge(name);
  if (name === 'GetItem') return findSelection(first, second);
  if (name === 'Power' && isKerasTensor(first) && typeof second === 'number')
    return { className: 'Power', config: { exponent: second } };
  return isKerasTensor(first)
    ? findRescaling(name, second, SCALAR_ON_THE_RIGHT)
    : findRescaling(name, first, SCALAR_ON_THE_LEFT);
}

const findActivation = (name: string): LayerDescription | undefined =>
  Object.hasOwn(ACTIVATION_OPERATIONS, name) ? activationLayer(ACTIVATION_OPERATIONS[name]) : undefined;

const findMerge = (name: string): LayerDescription | undefined =>
  MERGE_OPERATIONS.includes(name) ? { className: name, config: { [SAME_RANK]: true } } : undefined;

/** All layers compute in float32, so that a cast to a float type changes nothing. */
const isFloatCast = (operands: readonly unknown[], { dtype }: Options): boolean =>
  operands.length === 1 &&
  isKerasTensor(operands[0]) &&
  ['float16', 'bfloat16', 'float32', 'float64'].includes(dtype as string);

/** A choice of channels where it is one, which receptive fields follow; else the builder finds what the index takes. */
function findSelection(tensor: unknown, index: unknown): LayerDescription | undefined {
  if (!isKerasTensor(tensor)) return undefined;
  const selection = selectedChannels(tensor, index);
  return selection
    ? { className: 'SelectChannels', config: { ...selection } }
    : { className: 'GetItem', config: { index } };
}

function findRescaling(
  name: string,
  operand: unknown,
  operations: ScalarOperations,
): LayerDescription | undefined {
  const values = constantValues(operand);
  if (!values || !Object.hasOwn(operations, name)) return undefined;
  const results = values.map((value) => operations[name](value));
  if (!results.every(([scale]) => Number.isFinite(scale))) return undefined;
  const [scale, offset] = [0, 1].map((part) => {
    const list = results.map((result) => result[part]);
    return list.length === 1 ? list[0] : list;
  });
  return { className: 'Rescaling', config: { scale, offset } };
}

function unsupportedOperation(name: string, operands: readonly unknown[], file: string): InputError {
  const titles = operands.map((operand) =>
    isKerasTensor(operand) ? 'a tensor' : JSON.stringify(operand)?.slice(0, 40),
  );
  return new InputError(
    `Expected ${file} to contain only supported layers, got the operation ${name} of keras.ops on ` +
      `${titles.join(' and ')}: only sums, differences, products and quotients of a tensor and a number or ` +
      'another tensor, activation functions, and these are supported: ' +
      `${[...Object.keys(LIST_OPERATIONS), ...TENSOR_OPERATIONS].sort().join(', ')}, GetItem, Negative, Power, Reshape, Transpose. ` +
      'Put the operation into a layer class, and pass it in customLayers',
  );
}
