import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { hasKernel, runKernel } from '../run-kernel.js';
import {
  convolutionAxes2d,
  convolutionAxes3d,
  isDilated,
  type ConvolutionAttributes,
} from './convolution-axes.js';
import { filterGradientByTaps, inputGradientByTaps } from './convolution-taps.js';

const isChannelsLast = ({ dataFormat = 'NHWC' }: ConvolutionAttributes) => dataFormat === 'NHWC';

/**
 * TensorFlow.js refuses dilated convolutions and forgets the rounding of sizes (`dimRoundingMode`); the wasm backend
 * has no kernel for the gradient of the filter.
 */
const conv2d: GradientCorrection = {
  kernelName: 'Conv2D',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const options = attributesOf<ConvolutionAttributes>(attributes);
      const [x, filter] = saved;
      const dy = onlyOne(gradient);
      const axes = () => convolutionAxes2d(x.shape, filter.shape, options);
      if (isDilated(options)) {
        if (!isChannelsLast(options)) return original.gradFunc(gradient, saved, attributes);
        return {
          x: () => inputGradientByTaps(dy, filter, x.shape, axes()),
          filter: () => filterGradientByTaps(x, dy, filter.shape, axes()),
        };
      }
      const byTaps = isChannelsLast(options) && !hasKernel('Conv2DBackpropFilter');
      return {
        x: () => runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
        filter: () =>
          byTaps
            ? filterGradientByTaps(x, dy, filter.shape, axes())
            : runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }),
      };
    },
  }),
};

/** The gradient of the filter of a transposed convolution, where the backend has no kernel for it. */
const transposedConv2d: GradientCorrection = {
  kernelName: 'Conv2DBackpropInput',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const gradients = original.gradFunc(gradient, saved, attributes);
      const options = attributesOf<ConvolutionAttributes>(attributes);
      if (hasKernel('Conv2DBackpropFilter') || !isChannelsLast(options)) return gradients;
      const [dy, filter] = saved;
      const ddx = onlyOne(gradient);
      const axes = () => convolutionAxes2d(ddx.shape, filter.shape, options);
      return { ...gradients, filter: () => filterGradientByTaps(ddx, dy, filter.shape, axes()) };
    },
  }),
};

/** TensorFlow.js refuses dilated convolutions; the kernels of the wasm backend compute other values. */
const conv3d: GradientCorrection = {
  kernelName: 'Conv3D',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const options = attributesOf<ConvolutionAttributes>(attributes);
      if (!isDilated(options) && tf.getBackend() !== 'wasm')
        return original.gradFunc(gradient, saved, attributes);
      const [x, filter] = saved;
      const dy = onlyOne(gradient);
      const axes = () => convolutionAxes3d(x.shape, filter.shape, options);
      return {
        x: () => inputGradientByTaps(dy, filter, x.shape, axes()),
        filter: () => filterGradientByTaps(x, dy, filter.shape, axes()),
      };
    },
  }),
};

const transposedConv3d: GradientCorrection = {
  kernelName: 'Conv3DBackpropInputV2',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['dy', 'filter'],
    gradFunc(gradient, [dy, filter], attributes) {
      const { strides, pad } = attributesOf<ConvolutionAttributes>(attributes);
      const ddx = onlyOne<tf.Tensor5D>(gradient);
      return {
        dy: () => tf.conv3d(ddx, filter as tf.Tensor5D, strides as [number, number, number], pad as 'same'),
        filter: () =>
          runKernel('Conv3DBackpropFilterV2', { x: ddx, dy }, { strides, pad, filterShape: filter.shape }),
      };
    },
  }),
};

export const CONVOLUTION: readonly GradientCorrection[] = [
  conv2d,
  transposedConv2d,
  conv3d,
  transposedConv3d,
];
