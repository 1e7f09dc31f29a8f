import * as tf from '@tensorflow/tfjs';
import { percentile } from './percentile.js';
import type { Corrected } from './regularizer.js';

/** Sets the pixels to the origin whose `worth` (count x height x width) lies below a percentile of its image. */
async function clip(
  { image, origin }: Corrected,
  { percent, worthOf }: { percent: number; worthOf: () => tf.Tensor },
): Promise<tf.Tensor4D> {
  const [count, height, width] = image.shape;
  const worth = tf.tidy(worthOf);
  let values: Float32Array;
  try {
    values = (await worth.data()) as Float32Array;
  } finally {
    worth.dispose();
  }
  const size = height * width;
  const kept = new Float32Array(values.length);
  for (let i = 0; i < count; i++) {
    const own = values.subarray(i * size, (i + 1) * size);
    const least = percentile(own, percent);
    own.forEach((value, j) => (kept[i * size + j] = Number(value >= least)));
  }
  return tf.tidy(() => {
    const mask = tf.tensor4d(kept, [count, height, width, 1]);
    return tf.add<tf.Tensor4D>(tf.mul(tf.sub(image, origin), mask), origin);
  });
}

/** Sets the pixels to the origin that differ least from it, as a Euclidean norm over their channels. */
export const clipNorm = (step: Corrected, { percent }: { percent: number }): Promise<tf.Tensor4D> =>
  clip(step, { percent, worthOf: () => tf.norm(tf.sub(step.image, step.origin), 'euclidean', 3) });

/** Sets the pixels to the origin that change the score least by it: |(pixel - origin) . gradient|. */
export const clipContribution = (step: Corrected, { percent }: { percent: number }): Promise<tf.Tensor4D> =>
  clip(step, {
    percent,
    worthOf: () => tf.abs(tf.sum(tf.mul(tf.sub(step.image, step.origin), step.gradient), 3)),
  });
