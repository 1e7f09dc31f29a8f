import { isObject } from './json.js';

/** What a layer put out: [layer's name, the number of the call, the number of the output]. */
export type History = readonly [layer: string, node: number, output: number];

const isHistory = (value: unknown): value is History =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  Number.isInteger(value[1]) &&
  Number.isInteger(value[2]);

const DEEPEST = 16;

/** The inputs or outputs of a model: one history, a list of them, or a tree, in its order. */
export function historiesOf(value: unknown, depth = 0): History[] {
  if (isHistory(value)) return [value];
  if (depth > DEEPEST) return [];
  const members = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return members.flatMap((member) => historiesOf(member, depth + 1));
}

/** The tensors that a call reads: Keras 3 has them in the arguments, Keras 2 as [["layer", node, output, {}], ...]. */
export function referencesOf(call: unknown): History[] {
  return isObject(call) ? keras3([call.args, call.kwargs], 0) : historiesOf(call);
}

function keras3(value: unknown, depth: number): History[] {
  if (depth > DEEPEST) return [];
  if (isObject(value)) {
    if (value.class_name !== '__keras_tensor__')
      return Object.values(value).flatMap((member) => keras3(member, depth + 1));
    const history = isObject(value.config) ? value.config.keras_history : undefined;
    return isHistory(history) ? [history] : [];
  }
  return Array.isArray(value) ? value.flatMap((member) => keras3(member, depth + 1)) : [];
}
