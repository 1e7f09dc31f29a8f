import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import type { Plan } from './plan.js';

/** Throws an InputError that names the first weight that is not finite, such as after a training that diverged. */
export async function expectFiniteWeights({ model }: Plan): Promise<void> {
  const { weights } = model;
  if (weights.length === 0) return;
  // One number a weight, read back at once: a sum is not finite if a value is not.
  const sums = tf.tidy(() => tf.stack(weights.map((weight) => tf.sum(tf.cast(weight.read(), 'float32')))));
  let wrong: number[];
  try {
    wrong = [...(await sums.data())].flatMap((sum, i) => (Number.isFinite(sum) ? [] : [i]));
  } finally {
    sums.dispose();
  }
  for (const i of wrong) {
    const value = (await weights[i].read().data()).find((each) => !Number.isFinite(each));
    if (value === undefined) continue;
    const { originalName, shape } = weights[i];
    throw new InputError(
      `Expected finite weights, got ${value} in ${originalName} (${shape.join(' x ')}): did the training diverge?`,
    );
  }
}
