import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { padOrCropAxis, spreadAxis } from '../rearranging/axis-slices.js';
import { hasKernel } from '../run-kernel.js';
import type { WindowAxis } from '../windows.js';
import { convolutionAxes2d, isDilated, type ConvolutionAttributes } from './convolution-axes.js';
import { depthwiseFilterGradientByTaps } from './convolution-taps.js';

/**
 * Pads one axis of dy, so that a window at stride 1 over it ends at each position of the input; crops it where the
 * padding of the input is wider than the window.
 */
function padForInput(dy: tf.Tensor, { axis, input, size, dilation, stride, before }: WindowAxis): tf.Tensor {
  const spread = spreadAxis(dy, axis, stride);
  const span = (size - 1) * dilation;
  const start = span - before;
  const end = input + span - start - spread.shape[axis];
  return padOrCropAxis(spread, axis, start, end);
}

/**
 * The gradient with respect to the input: a depthwise convolution of dy with the filter rotated by 180 degrees, and the
 * sum over the outputs of each channel.
 */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  inputShape: readonly number[],
  axes: readonly WindowAxis[],
): tf.Tensor {
  const [height, width, channels, multiplier] = filter.shape;
  const rotated = tf.reshape(tf.reverse(filter, [0, 1]), [height, width, channels * multiplier, 1]);
  const padded = axes.reduce<tf.Tensor>(padForInput, dy) as tf.Tensor4D;
  const dilations = axes.map(({ dilation }) => dilation) as [number, number];
  const dx = tf.depthwiseConv2d(padded, rotated as tf.Tensor4D, 1, 'valid', 'NHWC', dilations);
  if (multiplier === 1) return dx;
  const [count, rows, columns] = inputShape;
  return tf.reshape(tf.sum(tf.reshape(dx, [count * rows * columns, channels, multiplier]), 2), [
    ...inputShape,
  ]);
}

const KERNELS = ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'];

/** TensorFlow.js refuses dilated depthwise convolutions; the wasm backend has no kernels for the others. */
export const DEPTHWISE: GradientCorrection = {
  kernelName: 'DepthwiseConv2dNative',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const options = attributesOf<ConvolutionAttributes>(attributes);
      if (!isDilated(options) && KERNELS.every(hasKernel))
        return original.gradFunc(gradient, saved, attributes);
      const [x, filter] = saved as tf.Tensor4D[];
      const dy = onlyOne<tf.Tensor4D>(gradient);
      const axes = convolutionAxes2d(x.shape, filter.shape, options, { isDepthwise: true });
      return {
        x: () => inputGradient(dy, filter, x.shape, axes),
        filter: () => depthwiseFilterGradientByTaps(x, dy, filter.shape, axes),
      };
    },
  }),
};
