import * as tf from '@tensorflow/tfjs';
import type { Explained } from './explanation.js';

/** How the gradients at several places become one: their mean, the mean of their squares, or their variance. */
export type GradientMean = 'mean' | 'square' | 'variance';

/**
 * The gradients at `count` places, `placeOf(0)` to `placeOf(count - 1)`, as one: a new tensor. As many places as fit
 * into a batch go through the model together.
 */
export async function meanGradient(
  { gradient, pause, x, rows }: Explained,
  {
    count,
    placeOf,
    kind = 'mean',
  }: { count: number; placeOf: (k: number) => tf.Tensor4D; kind?: GradientMean },
): Promise<tf.Tensor4D> {
  const images = x.shape[0];
  const together = Math.max(1, Math.floor(rows / images));
  let sums = tf.tidy(() => (kind === 'variance' ? [tf.zerosLike(x), tf.zerosLike(x)] : [tf.zerosLike(x)]));
  try {
    for (let k = 0; k < count; k += together) {
      await pause();
      const next = tf.tidy(() => {
        const places = Array.from({ length: Math.min(together, count - k) }, (_, i) => placeOf(k + i));
        const gradients = gradient(places.length === 1 ? places[0] : tf.concat(places, 0));
        const [, ...size] = x.shape;
        let added: tf.Tensor4D[] = sums;
        for (let i = 0; i < places.length; i++) {
          const one = tf.slice(gradients, [i * images, 0, 0, 0], [images, ...size]);
          const terms = { mean: [one], square: [tf.square(one)], variance: [tf.square(one), one] }[kind];
          added = added.map((sum, t) => tf.add(sum, terms[t]));
        }
        return added;
      });
      tf.dispose(sums);
      sums = next;
    }
    return tf.tidy(() => {
      const [first, second] = sums.map((sum) => tf.div<tf.Tensor4D>(sum, count));
      return second ? tf.relu<tf.Tensor4D>(tf.sub<tf.Tensor4D>(first, tf.square(second))) : first;
    });
  } finally {
    tf.dispose(sums);
  }
}
