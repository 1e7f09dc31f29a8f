import * as tf from '@tensorflow/tfjs';
import { padInput, placeOffset, readOffset, unpadInput, windowOffsets, type WindowAxis } from '../windows.js';

/*
 * The gradients of a convolution as one matrix product per position (tap) of its filter. They need no kernel but those
 * of the forward pass, in any number of dimensions, for any stride and dilation, and can be differentiated again.
 */

const { sizeFromShape } = tf.util;

/** Merges all axes but the channels. */
const toRows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape[x.rank - 1]]);

/** One tap of a filter: inputs x outputs. */
function tapOf(filter: tf.Tensor, tap: number): tf.Tensor2D {
  const [inputs, outputs] = filter.shape.slice(-2);
  const taps = tf.reshape(filter, [filter.size / (inputs * outputs), inputs, outputs]);
  return tf.reshape(tf.slice(taps, [tap, 0, 0], [1, inputs, outputs]), [inputs, outputs]);
}

/** The gradient with respect to the input, of shape `inputShape`. */
export function inputGradientByTaps(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: readonly number[],
  axes: readonly WindowAxis[],
): tf.Tensor {
  // A sum of no products.
  if (dy.size * filter.size === 0) return tf.zeros([...inputShape]);
  const inputs = inputShape[inputShape.length - 1];
  const rows = toRows(dy);
  const sum = windowOffsets(axes).reduce<tf.Tensor | undefined>(
    (total, offset, tap) =>
      tf.tidy(() => {
        const part = tf.reshape(tf.matMul(rows, tapOf(filter, tap), false, true), [
          ...dy.shape.slice(0, -1),
          inputs,
        ]);
        const placed = placeOffset(part, axes, offset);
        return total ? tf.add(total, placed) : placed;
      }),
    undefined,
  );
  return unpadInput(sum!, axes);
}

/** The gradient with respect to the filter, of shape `filterShape`. */
export function filterGradientByTaps(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: readonly number[],
  axes: readonly WindowAxis[],
): tf.Tensor {
  if (x.size * dy.size === 0) return tf.zeros([...filterShape]);
  const padded = padInput(x, axes);
  const rows = toRows(dy);
  const taps = windowOffsets(axes).map((offset) =>
    tf.tidy(() => tf.matMul(toRows(readOffset(padded, axes, offset)), rows, true, false)),
  );
  return tf.reshape(tf.stack(taps), [...filterShape]);
}

/**
 * The gradient of a depthwise convolution with respect to its filter, height x width x channels x multiplier. dy has
 * channels * multiplier channels.
 */
export function depthwiseFilterGradientByTaps(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: readonly number[],
  axes: readonly WindowAxis[],
): tf.Tensor {
  if (x.size * dy.size === 0) return tf.zeros([...filterShape]);
  const [, , channels, multiplier] = filterShape;
  const padded = padInput(x, axes);
  const count = sizeFromShape(dy.shape) / (channels * multiplier);
  const outputs = tf.reshape(dy, [count, channels, multiplier]);
  const taps = windowOffsets(axes).map((offset) =>
    tf.tidy(() => {
      const inputs = tf.reshape(readOffset(padded, axes, offset), [count, channels, 1]);
      return tf.sum(tf.mul(inputs, outputs), 0);
    }),
  );
  return tf.reshape(tf.stack(taps), [...filterShape]);
}
