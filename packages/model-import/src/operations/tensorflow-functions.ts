import { escapeControls, InputError } from '@convlens/core';
import { isObject } from '../keras/json.js';

type Options = Readonly<Record<string, unknown>>;

/** An operation of keras.ops, and its options, from those of a function of TensorFlow. */
interface Operation {
  readonly name: string;
  readonly options?: (options: Options) => Options;
}

const operation = (name: string, options?: Operation['options']): Operation => ({ name, options });

const reductionOptions = ({ axis, keepdims }: Options) => ({ axis, keepdims });

/** Functions of TensorFlow, with the operations of keras.ops that compute the same. */
const FUNCTIONS: Readonly<Record<string, Operation>> = {
  '__operators__.add': operation('Add'),
  '__operators__.getitem': operation('GetItem'),
  cast: operation('Cast', ({ dtype }) => ({ dtype })),
  'math.abs': operation('Absolute'),
  'math.add': operation('Add'),
  'math.divide': operation('Divide'),
  'math.maximum': operation('Maximum'),
  'math.minimum': operation('Minimum'),
  'math.multiply': operation('Multiply'),
  'math.pow': operation('Power'),
  'math.reduce_max': operation('Max', reductionOptions),
  'math.reduce_mean': operation('Mean', reductionOptions),
  'math.reduce_min': operation('Min', reductionOptions),
  'math.reduce_sum': operation('Sum', reductionOptions),
  'math.sigmoid': operation('Sigmoid'),
  'math.sqrt': operation('Sqrt'),
  'math.square': operation('Square'),
  'math.softplus': operation('Softplus'),
  'math.subtract': operation('Subtract'),
  'math.tanh': operation('Tanh'),
  'math.truediv': operation('TrueDivide'),
  'nn.elu': operation('Elu'),
  'nn.gelu': operation('Gelu', ({ approximate = false }) => ({ approximate })),
  'nn.leaky_relu': operation('LeakyRelu', ({ alpha = 0.2 }) => ({ negative_slope: alpha })),
  'nn.relu': operation('Relu'),
  'nn.relu6': operation('Relu6'),
  'nn.selu': operation('Selu'),
  'nn.sigmoid': operation('Sigmoid'),
  'nn.silu': operation('Silu'),
  'nn.softmax': operation('Softmax', ({ axis }) => ({ axis: axis ?? -1 })),
  'nn.softplus': operation('Softplus'),
  'nn.softsign': operation('Softsign'),
  'nn.tanh': operation('Tanh'),
  expand_dims: operation('ExpandDims', ({ axis }) => ({ axis })),
  reshape: operation('Reshape', ({ shape }) => ({ newshape: shape })),
  squeeze: operation('Squeeze', ({ axis }) => ({ axis })),
  transpose: operation('Transpose', ({ perm }) => ({ axes: perm })),
};

/** The classes of functions and of indexing in tf.keras 2. */
const CLASSES = ['TFOpLambda', 'SlicingOpLambda'];

/**
 * Converts a function of TensorFlow, which tf.keras 2 writes for `x / 255` or `tf.nn.relu(x)`, to the operation that Keras 3
 * writes. Returns anything else unchanged.
 *
 * @throws InputError that names a function without such an operation
 */
export function functionToOperation(json: Record<string, unknown>, file: string): Record<string, unknown> {
  const { class_name: className, config, inbound_nodes: calls } = json;
  if (!CLASSES.includes(className as string)) return json;
  const { name, function: functionName } = isObject(config) ? config : {};
  const known = typeof functionName === 'string' && Object.hasOwn(FUNCTIONS, functionName);
  const operands = known && Array.isArray(calls) ? calls.map(operandsOf) : [];
  if (!known || operands.length === 0 || operands.includes(undefined))
    throw new InputError(
      `Expected ${file} to contain only supported layers, got the function ${escapeControls(String(functionName))} of ` +
        `TensorFlow in layer ${JSON.stringify(name)}: ${Object.keys(FUNCTIONS).join(', ')} are supported, of tensors and numbers`,
    );
  const { name: operationName, options } = FUNCTIONS[functionName];
  return {
    module: 'keras.src.ops',
    class_name: operationName,
    name: json.name,
    config: { name, ...options?.((operands[0] as Operands).options) },
    inbound_nodes: (operands as Operands[]).map(({ args }) => ({ args, kwargs: {} })),
  };
}

/** The operands of a call, as Keras 3 writes them, and its options. */
interface Operands {
  readonly args: readonly unknown[];
  readonly options: Options;
}

/** The layer that stands for a constant as the first operand. */
const CONSTANT = '_CONSTANT_VALUE';

/** A call is [layer, node, output, options]; the option y is the second operand. Undefined for another form. */
function operandsOf(call: unknown): Operands | undefined {
  if (!Array.isArray(call) || typeof call[0] !== 'string') return undefined;
  const [layer, , value, callOptions] = call as unknown[];
  const { y, slice_spec: index, ...options } = isObject(callOptions) ? callOptions : {};
  if (index !== undefined) return { args: [tensor(call.slice(0, 3)), indexOf(index)], options };
  const first = layer === CONSTANT ? operand(value) : tensor(call.slice(0, 3));
  return { args: y === undefined ? [first] : [first, operand(y)], options };
}

/** An index as Keras 3 writes it. */
const indexOf = (index: unknown): unknown[] =>
  [index].flat().map((entry) => (isObject(entry) ? { class_name: '__slice__', config: entry } : entry));

const tensor = (history: unknown[]) => ({
  class_name: '__keras_tensor__',
  config: { keras_history: history },
});

/** A number, an array of numbers, or the output of a layer. */
function operand(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return typeof value[0] === 'string' ? tensor(value) : { class_name: '__tensor__', config: { value } };
}
