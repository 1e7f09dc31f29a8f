import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { runKernel } from '../run-kernel.js';
import { unpadInput, type WindowAxis } from '../windows.js';
import { poolAxes2d, poolAxes3d, type PoolAttributes } from './pool-axes.js';

/** The number of positions of each window that are inside the input, along one axis. */
const insideCounts = ({ input, output, size, stride, before }: WindowAxis): number[] =>
  Array.from({ length: output }, (_, i) => {
    const start = i * stride - before;
    return Math.max(1, Math.min(start + size, input) - Math.max(start, 0));
  });

const isWhole = (window: WindowAxis): boolean =>
  insideCounts(window).every((count) => count === window.size) && window.before === 0;

/** dy times the positions of a window divided by those inside the input. */
const rescale = (dy: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor =>
  axes.reduce((scaled, window) => {
    const factors = tf.tensor1d(insideCounts(window).map((count) => window.size / count));
    const shape = scaled.shape.map((_, axis) => (axis === window.axis ? window.output : 1));
    return tf.mul(scaled, tf.reshape(factors, shape));
  }, dy);

/**
 * The gradient of average pooling. The forward pass divides by the positions inside the image; TensorFlow.js divides
 * the gradient by the whole window on cpu, wasm and webgl, and by the positions inside on tensorflow. So the gradient
 * of the pooling of the padded image is taken, without padding, where all agree.
 */
const averagePool = (
  kernelName: 'AvgPool' | 'AvgPool3D',
  axesOf: (shape: readonly number[], attributes: PoolAttributes) => WindowAxis[],
): GradientCorrection => ({
  kernelName,
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, saved, attributes) {
      const options = attributesOf<PoolAttributes>(attributes);
      const [x] = saved;
      const axes = axesOf(x.shape, options);
      if (axes.every(isWhole)) return original.gradFunc(gradient, saved, attributes);
      return {
        x: () => {
          const dy = rescale(onlyOne(gradient), axes);
          const paddedShape = [...x.shape];
          for (const { axis, output, size, stride } of axes) paddedShape[axis] = (output - 1) * stride + size;
          const valid = { ...attributes, pad: 'valid', dimRoundingMode: undefined };
          const dPadded = runKernel(`${kernelName}Grad`, { dy, input: tf.zeros(paddedShape) }, valid);
          return unpadInput(dPadded, axes);
        },
      };
    },
  }),
});

/** The gradient of a gradient of average pooling without padding, which is linear in dy. */
const secondOrder = (
  kernelName: 'AvgPoolGrad' | 'AvgPool3DGrad',
  pool: (x: never, filterSize: never, strides: never, pad: 'valid') => tf.Tensor,
): GradientCorrection => ({
  kernelName,
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['input'],
    gradFunc(ddx, [input], attributes) {
      const { filterSize, strides } = attributesOf<PoolAttributes>(attributes);
      return {
        dy: () => pool(onlyOne(ddx) as never, filterSize as never, strides as never, 'valid'),
        input: () => tf.zeros(input.shape),
      };
    },
  }),
});

export const AVERAGE_POOLING: readonly GradientCorrection[] = [
  averagePool('AvgPool', poolAxes2d),
  averagePool('AvgPool3D', poolAxes3d),
  secondOrder('AvgPoolGrad', tf.avgPool),
  secondOrder('AvgPool3DGrad', tf.avgPool3d),
];
