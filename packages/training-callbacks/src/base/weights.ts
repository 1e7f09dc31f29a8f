import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** Copies of all weights, in the order of getWeights, as typed arrays. */
export async function copyWeights(model: tf.LayersModel): Promise<Float32Array[]> {
  const values = await Promise.all(model.getWeights().map((weight) => weight.data()));
  // A backend may return the array that it continues to train.
  return values.map((value) => Float32Array.from(value));
}

/** Throws an InputError if number and sizes of `weights` differ from those of the model. */
export function expectWeights(weights: readonly Float32Array[], model: tf.LayersModel): void {
  const sizes = model.getWeights().map((weight) => weight.size);
  const isEqual = sizes.length === weights.length && weights.every(({ length }, i) => length === sizes[i]);
  if (isEqual) return;
  const lengths = weights.map(({ length }) => length).join(', ');
  throw new InputError(`Expected weights of ${sizes.join(', ')} values, got ${lengths || 'none'}`);
}

/** Restores weights that `copyWeights` returned. */
export function restoreWeights(weights: readonly Float32Array[], model: tf.LayersModel): void {
  expectWeights(weights, model);
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, dtype }, i) => tf.tensor(weights[i].slice(), shape, dtype)),
    ),
  );
}
