import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

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

/**
 * One sum per repeated dimension. TensorFlow.js adds one slice per repetition, thousands for a layer normalization, and
 * refuses tensors of more than four dimensions.
 */
export const TILE: GradientCorrection = {
  kernelName: 'Tile',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, [x], attributes) {
      const { reps } = attributesOf<{ reps: number[] }>(attributes);
      return { x: () => sumRepetitions(onlyOne(dy), x.shape, reps) };
    },
  }),
};
