import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

interface Inputs {
  x: tf.TensorInfo;
  mean: tf.TensorInfo;
  variance: tf.TensorInfo;
  scale?: tf.TensorInfo;
  offset?: tf.TensorInfo;
}

/** As in TensorFlow.js. */
const DEFAULT_EPSILON = 0.001;

/** Batch norm with statistics of the shape of x, as the layer LayerNormalization calls it. */
export const layerNormApply: SimdKernel = {
  kernelName: 'FusedBatchNorm',
  run({ inputs, attrs, backend }: KernelCall<Inputs, { varianceEpsilon?: number }>) {
    const { x, mean, variance, scale, offset } = inputs;
    const parameters = [mean, variance, scale, offset];
    const hasShapeOfX = (tensor?: tf.TensorInfo) => !tensor || tf.util.arraysEqual(tensor.shape, x.shape);
    if (!areFloats(x, ...parameters) || !parameters.every(hasShapeOfX)) return undefined;
    const length = tf.util.sizeFromShape(x.shape);
    const addresses = [x, ...parameters].map((tensor) => (tensor ? backend.address(tensor) : 0));
    const y = backend.output(x.shape);
    const args = [...addresses, floatBits(attrs.varianceEpsilon ?? DEFAULT_EPSILON), y.address, length];
    backend.threadPool.dispatch('layerNormApply', args, { serial: length < MIN_PARALLEL_SIZE });
    return y;
  },
};
