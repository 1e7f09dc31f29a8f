import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

/** Over the last dimension. */
export const softmax: SimdKernel = {
  kernelName: 'Softmax',
  run({
    inputs: { logits },
    attrs: { dim },
    backend,
  }: KernelCall<{ logits: tf.TensorInfo }, { dim: number }>) {
    const { shape } = logits;
    if (!areFloats(logits) || (dim !== -1 && dim !== shape.length - 1)) return undefined;
    const length = tf.util.sizeFromShape(shape);
    const classes = shape.at(-1) ?? 1;
    const from = backend.address(logits);
    const y = backend.output(shape);
    if (length === 0) return y;
    backend.threads.run('softmax', [from, y.address, length / classes, classes], { alone: length < 4096 });
    return y;
  },
};
