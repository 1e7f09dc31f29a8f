import * as tf from '@tensorflow/tfjs';
import { onlyOne, type GradientCorrection } from '../gradient-correction.js';

/**
 * The gradient of a largest or smallest value, in equal parts to all values that equal it, as in TensorFlow and
 * PyTorch. TensorFlow.js gives each of them the whole gradient.
 */
const extreme = (kernelName: string, axisAttribute: string): GradientCorrection => ({
  kernelName,
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, [x, y], attributes) {
      const axes = tf.util.parseAxisParam((attributes[axisAttribute] ?? null) as number[], x.shape);
      const keptShape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return {
        x: () => {
          const mask = tf.cast(tf.equal(x, tf.reshape(y, keptShape)), 'float32');
          const count = tf.sum(mask, axes, true);
          return tf.mul(tf.div(tf.reshape(onlyOne(dy), keptShape), count), mask);
        },
      };
    },
  }),
});

export const EXTREMES: readonly GradientCorrection[] = [
  extreme('Max', 'reductionIndices'),
  extreme('Min', 'axis'),
];
