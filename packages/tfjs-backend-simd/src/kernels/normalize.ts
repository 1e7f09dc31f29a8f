import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

interface Inputs {
  x: tf.TensorInfo;
  mean: tf.TensorInfo;
  variance: tf.TensorInfo;
  scale?: tf.TensorInfo;
  offset?: tf.TensorInfo;
}

/** Fewer values are done sooner than handed over. */
const SHORT = 16_384;

/** Batch norm with statistics of the shape of x, as the layer LayerNormalization calls it. */
export const normalizeEach: SimdKernel = {
  kernelName: 'FusedBatchNorm',
  run({ inputs, attrs, backend }: KernelCall<Inputs, { varianceEpsilon?: number }>) {
    const { x, mean, variance, scale, offset } = inputs;
    const given = [mean, variance, scale, offset];
    const isWhole = (tensor?: tf.TensorInfo) => !tensor || tf.util.arraysEqual(tensor.shape, x.shape);
    if (!areFloats(x, ...given) || !given.every(isWhole)) return undefined;
    const length = tf.util.sizeFromShape(x.shape);
    const from = backend.address(x);
    const addresses = given.map((tensor) => (tensor ? backend.address(tensor) : 0));
    const y = backend.output(x.shape);
    const args = [from, ...addresses, floatBits(attrs.varianceEpsilon ?? 0.001), y.address, length];
    backend.threads.run('normalizeEach', args, { alone: length < SHORT });
    return y;
  },
};
