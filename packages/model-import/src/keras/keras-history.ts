import { isObject } from './json.js';

/**
 * A layer output in a Keras file: the layer, the index of its call (node), and the index of the output of
 * that call.
 */
export type KerasHistory = readonly [layer: string, node: number, output: number];

const isKerasHistory = (value: unknown): value is KerasHistory =>
  Array.isArray(value) && typeof value[0] === 'string' && [value[1], value[2]].every(Number.isInteger);

const MAX_DEPTH = 16;

/** The members of a structure of tensors in the order of Keras, which sorts the keys of a dictionary. */
function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]);
}

/**
 * All histories in a JSON value, such as the inputs of a model: a single history, or lists and objects of
 * them.
 */
export function collectHistories(value: unknown, depth = 0): KerasHistory[] {
  if (isKerasHistory(value)) return [value];
  if (depth > MAX_DEPTH) return [];
  return membersOf(value).flatMap((member) => collectHistories(member, depth + 1));
}

/**
 * The inputs of a call. Keras 3 has them in its arguments, Keras 2 as a list: [["layer", node, output, {}],
 * ...].
 */
export function callInputs(call: unknown): KerasHistory[] {
  if (!isObject(call)) return collectHistories(call);
  // Arguments by name are in the order of the call.
  const namedArguments = isObject(call.kwargs) ? Object.values(call.kwargs) : [];
  return keras3Inputs([call.args, ...namedArguments], 0);
}

function keras3Inputs(value: unknown, depth: number): KerasHistory[] {
  if (depth > MAX_DEPTH) return [];
  if (isKerasTensor(value)) {
    const history = isObject(value.config) ? value.config.keras_history : undefined;
    return isKerasHistory(history) ? [history] : [];
  }
  return membersOf(value).flatMap((member) => keras3Inputs(member, depth + 1));
}

/** Whether an argument of a call in Keras 3 is a tensor. */
export const isKerasTensor = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && value.class_name === '__keras_tensor__';
