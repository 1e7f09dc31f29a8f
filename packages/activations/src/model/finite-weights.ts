import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import type { ModelGraph } from './model-graph.js';

/** Throws an InputError that names the first weight that is not finite, as after a training that diverged. */
export async function expectFiniteWeights({ model: { weights } }: ModelGraph): Promise<void> {
  for (const i of await suspectWeights(weights)) {
    const values = await weights[i].read().data();
    const nonFinite = values.find((value) => !Number.isFinite(value));
    // A sum of finite values may overflow.
    if (nonFinite === undefined) continue;
    const { originalName, shape } = weights[i];
    throw new InputError(
      `Expected finite weights, got ${nonFinite} in ${originalName} (${shape.join(' x ')}): ` +
        `did the training diverge?`,
    );
  }
}

/** The indices of the weights whose sum is not finite. All sums are read from the backend at once. */
async function suspectWeights(weights: readonly tf.LayerVariable[]): Promise<number[]> {
  if (weights.length === 0) return [];
  const sums = tf.tidy(() => tf.stack(weights.map((weight) => tf.sum(tf.cast(weight.read(), 'float32')))));
  try {
    return [...(await sums.data())].flatMap((sum, i) => (Number.isFinite(sum) ? [] : [i]));
  } finally {
    sums.dispose();
  }
}
