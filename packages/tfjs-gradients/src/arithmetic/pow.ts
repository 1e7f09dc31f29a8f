import * as tf from '@tensorflow/tfjs';
import type { GradientCorrection } from '../gradient-correction.js';
import { sumToShape } from '../sum-to-shape.js';

/** Values of `a` where `condition` holds, else of `b`, in the shape of `a`; tf.where refuses some ranks on webgl. */
function select(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const flatten = (x: tf.Tensor) =>
    tf.reshape(tf.util.arraysEqual(x.shape, a.shape) ? x : tf.broadcastTo(x, a.shape), [a.size]);
  return tf.reshape(tf.where(flatten(condition), flatten(a), flatten(b)), a.shape);
}

/** x ** 0 is constant; TensorFlow.js computes 0 * x ** -1, which is NaN at x = 0. */
export const POW: GradientCorrection = {
  kernelName: 'Pow',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const [base, exponent, power] = saved;
      if (power.size === 0) return { a: () => tf.zeros(base.shape), b: () => tf.zeros(exponent.shape) };
      const { b } = original.gradFunc(dy, saved, attributes);
      return {
        b,
        a: () => {
          const isConstant = tf.equal(exponent, 0);
          const safeBase = select(isConstant, tf.onesLike(power), base);
          return sumToShape(original.gradFunc(dy, [safeBase, exponent, power], attributes).a(), base.shape);
        },
      };
    },
  }),
};
