import * as tf from '@tensorflow/tfjs';
import type { GradientCorrection } from '../gradient-correction.js';
import { sumToShape } from '../sum-to-shape.js';

/** x ** 0 is constant; TensorFlow.js computes 0 * x ** -1, which is NaN at x = 0. */
export const POW: GradientCorrection = {
  kernelName: 'Pow',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const [base, exponent, power] = saved;
      return {
        ...original.gradFunc(dy, saved, attributes),
        a: () => {
          const safeBase = tf.where(tf.equal(exponent, 0), tf.onesLike(power), base);
          return sumToShape(original.gradFunc(dy, [safeBase, exponent, power], attributes).a(), base.shape);
        },
      };
    },
  }),
};
