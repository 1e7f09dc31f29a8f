import { unary } from '../reference/elementwise.js';
import * as functions from '../reference/unary-functions.js';
import { softmax } from '../reference/reductions.js';
import type { Node, Tape } from '../reference/tape.js';

const UNARY: Readonly<Record<string, functions.UnaryFunction>> = {
  relu: functions.relu,
  relu6: functions.relu6,
  elu: functions.elu(),
  selu: functions.selu,
  sigmoid: functions.sigmoid,
  tanh: functions.tanh,
  softplus: functions.softplus,
  softsign: functions.softsign,
  hardSigmoid: functions.hardSigmoid,
  swish: functions.swish(1),
  mish: functions.mish,
  gelu: functions.gelu,
  gelu_new: functions.geluNew,
};

/** The activation functions of TensorFlow.js, by their names. */
export const ACTIVATIONS: readonly string[] = ['linear', 'softmax', 'logSoftmax', ...Object.keys(UNARY)];

/** The most common ones, of which one is chosen twice as often as any other. */
export const COMMON_ACTIVATIONS: readonly string[] = [
  'linear',
  'relu',
  'relu',
  'relu6',
  'elu',
  'sigmoid',
  'tanh',
  'softmax',
];

export function activate(tape: Tape, x: Node, name: string): Node {
  if (name === 'linear') return x;
  if (name === 'softmax') return tape.apply([x], (values) => softmax(values));
  if (name === 'logSoftmax') return tape.apply([x], (values) => softmax(values, { logarithm: true }));
  return tape.apply([x], (values) => unary(values, UNARY[name], tape.branches));
}
