import { findSavedWeights, InputError, namedWeights, type NamedWeight } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** The values of the weights of a model. */
export interface SavedWeights {
  /** Their names (`namedWeights`). Undefined if they were saved without, in the order of getWeights. */
  readonly names?: readonly string[];
  readonly values: readonly Float32Array[];
}

/** Copies of all weights as typed arrays, which freezing or unfreezing a layer does not reorder. */
export async function copyWeights(model: tf.LayersModel): Promise<Required<SavedWeights>> {
  const weights = namedWeights(model);
  const values = await Promise.all(weights.map(({ weight }) => weight.read().data()));
  // A backend may return the array that it continues to train.
  return { names: weights.map(({ name }) => name), values: values.map((value) => Float32Array.from(value)) };
}

/**
 * The weights of the model and their saved values.
 *
 * @throws InputError if names, number or sizes of the saved weights differ from those of the model.
 */
export function matchWeights(
  { names, values }: SavedWeights,
  model: tf.LayersModel,
): { weight: tf.LayerVariable; value: Float32Array }[] {
  const weights = names ? namedWeights(model) : weightsInOrder(model);
  const sizes = weights.map(({ weight }) => sizeOf(weight));
  const isSameCount = sizes.length === values.length;
  if (!isSameCount || (!names && values.some(({ length }, i) => length !== sizes[i])))
    throw sizeError(sizes, values);
  const current = weights.map(({ name }) => name);
  const positions = names ? findSavedWeights('saved weights', names, current) : current.map((_, i) => i);
  const matched = weights.map(({ weight }, i) => ({ weight, value: values[positions[i]] }));
  if (matched.some(({ value }, i) => value.length !== sizes[i]))
    throw sizeError(
      sizes,
      matched.map(({ value }) => value),
    );
  return matched;
}

const weightsInOrder = (model: tf.LayersModel): NamedWeight<tf.LayerVariable>[] =>
  model.weights.map((weight) => ({ name: weight.originalName, weight }));

const sizeOf = ({ shape }: tf.LayerVariable) => tf.util.sizeFromShape(shape as number[]);

function sizeError(sizes: readonly number[], values: readonly Float32Array[]): InputError {
  const lengths = values.map(({ length }) => length).join(', ');
  return new InputError(`Expected weights of ${sizes.join(', ')} values, got ${lengths || 'none'}`);
}

/** The saved names of the weights of a model, by their names now. Undefined for weights that were saved without. */
export function savedNames(
  { names }: SavedWeights,
  model: tf.LayersModel,
): ReadonlyMap<string, string> | undefined {
  if (!names) return undefined;
  const current = namedWeights(model).map(({ name }) => name);
  const positions = findSavedWeights('saved weights', names, current);
  return new Map(current.map((name, i) => [name, names[positions[i]]]));
}

/**
 * Restores weights that `copyWeights` returned.
 *
 * @throws InputError if they do not fit the model.
 */
export function restoreWeights(weights: SavedWeights, model: tf.LayersModel): void {
  const matched = matchWeights(weights, model);
  tf.tidy(() => {
    for (const { weight, value } of matched) {
      // Not `write`, which changes the values by the constraint of the weight.
      const variable = weight.read() as tf.Variable;
      variable.assign(tf.tensor(value.slice(), variable.shape, variable.dtype));
    }
  });
}
