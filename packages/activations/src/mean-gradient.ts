import * as tf from '@tensorflow/tfjs';
import type { Explained } from './attribution.js';

/** The mean of the gradients at `count` places, `placeOf(0)` to `placeOf(count - 1)`: a new tensor. */
export async function meanGradient(
  { gradient, pause, x }: Explained,
  { count, placeOf }: { count: number; placeOf: (k: number) => tf.Tensor4D },
): Promise<tf.Tensor4D> {
  let sum = tf.zerosLike(x);
  try {
    for (let k = 0; k < count; k++) {
      await pause();
      const next = tf.tidy(() => tf.add<tf.Tensor4D>(sum, gradient(placeOf(k))));
      sum.dispose();
      sum = next;
    }
    return tf.div<tf.Tensor4D>(sum, count);
  } finally {
    sum.dispose();
  }
}
