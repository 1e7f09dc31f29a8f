import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { runKernel } from '../run-kernel.js';
import { padInput, placeOffset, readOffset, unpadInput, windowOffsets, type WindowAxis } from '../windows.js';
import { poolAxes2d, poolAxes3d, type PoolAttributes } from './pool-axes.js';

/** Lower than any activation: padding that is never a maximum. */
const LOWEST = -3.4e38;

/** The gradient of each window to its first maximum in row-major order. */
function firstMaximumGradient(
  dy: tf.Tensor,
  { x, y }: { x: tf.Tensor; y: tf.Tensor },
  axes: readonly WindowAxis[],
): tf.Tensor {
  const padded = padInput(x, axes, LOWEST);
  // 1 where the maximum of a window has not been found yet.
  let pending = tf.onesLike(y);
  let sum = tf.zerosLike(padded);
  for (const offset of windowOffsets(axes)) {
    const isFirst = tf.mul(pending, tf.cast(tf.equal(readOffset(padded, axes, offset), y), 'float32'));
    pending = tf.sub(pending, isFirst);
    sum = tf.add(sum, placeOffset(tf.mul(dy, isFirst), axes, offset));
  }
  return unpadInput(sum, axes);
}

const isPadded = ({ before, input, output, size, stride }: WindowAxis) =>
  before > 0 || (output - 1) * stride + size > input;

/**
 * TensorFlow.js forgets the rounding of sizes (`dimRoundingMode`). The kernel of the wasm backend takes padding for
 * zeros, which are larger than a negative maximum.
 */
const maxPool: GradientCorrection = {
  kernelName: 'MaxPool',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc: (gradient, [x, y], attributes) => ({
      x: () => {
        const dy = onlyOne(gradient);
        const axes =
          tf.getBackend() === 'wasm' ? poolAxes2d(x.shape, attributesOf<PoolAttributes>(attributes)) : [];
        return axes.some(isPadded)
          ? firstMaximumGradient(dy, { x, y }, axes)
          : runKernel('MaxPoolGrad', { dy, input: x, output: y }, attributes);
      },
    }),
  }),
};

/**
 * The kernel of the cpu backend gives the gradient to another value where the height and the width of a window differ;
 * that of the wasm backend takes padding for zeros.
 */
const maxPool3d: GradientCorrection = {
  kernelName: 'MaxPool3D',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const [x, y] = saved;
      const axes = poolAxes3d(x.shape, attributesOf<PoolAttributes>(attributes));
      const [, rows, columns] = axes;
      const isRight = rows.size === columns.size && tf.getBackend() !== 'wasm';
      if (isRight) return original.gradFunc(dy, saved, attributes);
      return { x: () => firstMaximumGradient(onlyOne(dy), { x, y }, axes) };
    },
  }),
};

export const MAX_POOLING: readonly GradientCorrection[] = [maxPool, maxPool3d];
