import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** A copy of every weight of `model`, in the order of getWeights, outside TensorFlow.js. */
export async function copyWeights(model: tf.LayersModel): Promise<Float32Array[]> {
  const values = await Promise.all(model.getWeights().map((weight) => weight.data()));
  // A backend may hand out the very array that it goes on to train.
  return values.map((value) => Float32Array.from(value));
}

/** Throws an InputError if `weights` are not as many and as large as those of `model`. */
export function expectWeights(weights: readonly Float32Array[], model: tf.LayersModel): void {
  const sizes = model.getWeights().map((weight) => weight.size);
  const same = sizes.length === weights.length && weights.every(({ length }, i) => length === sizes[i]);
  if (same) return;
  const got = weights.map(({ length }) => length).join(', ');
  throw new InputError(`Expected weights of ${sizes.join(', ')} values, got ${got || 'none'}`);
}

/** Puts such a copy back. */
export function restoreWeights(weights: readonly Float32Array[], model: tf.LayersModel): void {
  expectWeights(weights, model);
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, dtype }, i) => tf.tensor(weights[i].slice(), shape, dtype)),
    ),
  );
}
