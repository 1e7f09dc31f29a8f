import * as tf from '@tensorflow/tfjs';
import { activeBackend } from './active-backend.js';

/**
 * Replaces the gradient of Tile, where `simd` is active, by one sum per repeated dimension. TensorFlow.js
 * adds one slice per repetition, thousands for a layer normalization.
 */
export function fuseTileGradient(): void {
  const original = tf.getGradient('Tile');
  tf.registerGradient({
    ...original,
    gradFunc(dy, saved, attrs) {
      if (!activeBackend()) return original.gradFunc(dy, saved, attrs);
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
    const outer = sizeFromShape(shape.slice(0, axis));
    const inner = sizeFromShape(sum.shape.slice(axis + 1));
    const repetitions = tf.reshape(sum, [outer, reps[axis], shape[axis] * inner]);
    sum = tf.reshape(tf.sum(repetitions, 1), [...shape.slice(0, axis + 1), ...sum.shape.slice(axis + 1)]);
  }
  return tf.reshape(sum, [...shape]);
}
