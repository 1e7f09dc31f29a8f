import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { sumToShape } from '../sum-to-shape.js';

/**
 * Batch normalization with statistics of the rank of x, as along an axis that is not the last. TensorFlow.js leaves the
 * gradients of these statistics in the shape of x, and refuses them.
 */
export const BATCH_NORM: GradientCorrection = {
  kernelName: 'FusedBatchNorm',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const [x, mean, variance, scale] = saved;
      if (mean.rank === 1 || tf.util.arraysEqual(mean.shape, x.shape))
        return original.gradFunc(gradient, saved, attributes);
      const dy = onlyOne(gradient);
      const { varianceEpsilon } = attributesOf<{ varianceEpsilon: number }>(attributes);
      const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
      const normalized = tf.mul(tf.sub(x, mean), inverse);
      const dx = tf.mul(dy, tf.mul(scale, inverse));
      return {
        x: () => dx,
        mean: () => sumToShape(tf.neg(dx), mean.shape),
        variance: () => sumToShape(tf.mul(-0.5, tf.mul(dx, tf.mul(normalized, inverse))), variance.shape),
        scale: () => sumToShape(tf.mul(dy, normalized), scale.shape),
        offset: () => sumToShape(dy, mean.shape),
      };
    },
  }),
};
