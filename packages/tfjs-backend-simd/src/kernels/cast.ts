import type * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { MIN_PARALLEL_SIZE_CHEAP } from '../threads/parallel-size.js';

/** Longer boolean tensors are converted by a kernel. */
const MAX_COPIED_BYTES = 1024;

/**
 * From int32 or bool to float32. The cpu backend would let both tensors share one integer array, which the
 * SIMD kernels cannot read as float32.
 */
export const cast: SimdKernel = {
  kernelName: 'Cast',
  run({
    inputs: { x },
    attrs: { dtype },
    backend,
  }: KernelCall<{ x: tf.TensorInfo }, { dtype: tf.DataType }>) {
    if (dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return undefined;
    const values = backend.data.get(x.dataId).values as Int32Array | Uint8Array;
    const { length } = values;
    const { memory } = backend.threadPool;
    if (values instanceof Uint8Array && length > MAX_COPIED_BYTES)
      return backend.withScratch(length, (bytes) => {
        memory.bytes(bytes, length).set(values);
        const y = backend.output(x.shape);
        const serial = length < MIN_PARALLEL_SIZE_CHEAP;
        backend.threadPool.dispatch('bytesToFloats', [bytes, y.address, length], { serial });
        return y;
      });
    const y = backend.output(x.shape);
    memory.floats(y.address, length).set(values);
    return y;
  },
};
