import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { MIN_PARALLEL_SIZE_COSTLY } from '../threads/parallel-size.js';

/** Over the last axis. */
export const softmax: SimdKernel = {
  kernelName: 'Softmax',
  run({ inputs, attrs: { dim }, backend }: KernelCall<{ logits: tf.TensorInfo }, { dim: number }>) {
    const { shape } = inputs.logits;
    if (!areFloats(inputs.logits) || (dim !== -1 && dim !== shape.length - 1)) return undefined;
    const length = tf.util.sizeFromShape(shape);
    const classes = shape.at(-1) ?? 1;
    const logits = backend.address(inputs.logits);
    const y = backend.output(shape);
    if (length === 0) return y;
    const args = [logits, y.address, length / classes, classes];
    backend.threadPool.dispatch('softmax', args, { serial: length < MIN_PARALLEL_SIZE_COSTLY });
    return y;
  },
};
