import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

interface Attributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** The sum runs in the other direction. TensorFlow.js transposes it for every axis but the last. */
const cumsum: GradientCorrection = {
  kernelName: 'Cumsum',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, _, attributes) {
      const { axis, exclusive, reverse } = attributesOf<Attributes>(attributes);
      return { x: () => tf.cumsum(onlyOne(dy), axis, exclusive, !reverse) };
    },
  }),
};

/**
 * Of y[i] = x[0] * ... * x[i] the gradient of x[k] is (x[0] * ... * x[k - 1]) * s[k], with s[k] = dy[k] + x[k + 1] *
 * s[k + 1]; of exclusive products s[k] = dy[k + 1] + x[k + 1] * s[k + 1]. Nothing is divided, so zeros are exact.
 */
function cumulativeProductGradient(dy: tf.Tensor, x: tf.Tensor, { axis, exclusive }: Attributes): tf.Tensor {
  if (x.size === 0) return tf.zerosLike(x);
  const [xs, dys] = [tf.unstack(x, axis), tf.unstack(dy, axis)];
  const sums: tf.Tensor[] = [];
  let sum = tf.zerosLike(xs[0]);
  for (let k = xs.length - 1; k >= 0; k--) {
    const isLast = k === xs.length - 1;
    const later = isLast ? sum : tf.mul(xs[k + 1], sum);
    if (exclusive) sum = isLast ? later : tf.add(dys[k + 1], later);
    else sum = tf.add(dys[k], later);
    sums.unshift(sum);
  }
  return tf.mul(tf.cumprod(x, axis, true), tf.stack(sums, axis));
}

const cumprod: GradientCorrection = {
  kernelName: 'Cumprod',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['x'],
    gradFunc(dy, [x], attributes) {
      const options = attributesOf<Attributes>(attributes);
      const orient = (tensor: tf.Tensor) => (options.reverse ? tf.reverse(tensor, options.axis) : tensor);
      return { x: () => orient(cumulativeProductGradient(orient(onlyOne(dy)), orient(x), options)) };
    },
  }),
};

export const CUMULATIVE: readonly GradientCorrection[] = [cumsum, cumprod];
