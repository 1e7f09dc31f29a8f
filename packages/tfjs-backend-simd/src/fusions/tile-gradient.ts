import * as tf from '@tensorflow/tfjs';
import { activeBackend } from './active-backend.js';

/**
 * TensorFlow.js adds up a slice for each repetition, thousands for a layer normalization; here each repeated dimension is
 * summed at once, where `simd` is active.
 */
export function fuseTileGradient(): void {
  const stock = tf.getGradient('Tile');
  tf.registerGradient({
    ...stock,
    gradFunc(dy, saved, attrs) {
      if (!activeBackend()) return stock.gradFunc(dy, saved, attrs);
      const [x] = saved;
      const { reps } = attrs as unknown as { reps: number[] };
      return { x: () => sumRepetitions(dy as tf.Tensor, x.shape, reps) };
    },
  });
}

function sumRepetitions(dy: tf.Tensor, shape: readonly number[], reps: readonly number[]): tf.Tensor {
  let sum = dy;
  const { sizeFromShape } = tf.util;
  for (let axis = 0; axis < shape.length; axis++) {
    if (reps[axis] === 1) continue;
    const [before, after] = [sizeFromShape(shape.slice(0, axis)), sizeFromShape(sum.shape.slice(axis + 1))];
    const parts = tf.reshape(sum, [before, reps[axis], shape[axis] * after]);
    sum = tf.reshape(tf.sum(parts, 1), [...shape.slice(0, axis + 1), ...sum.shape.slice(axis + 1)]);
  }
  return tf.reshape(sum, [...shape]);
}
