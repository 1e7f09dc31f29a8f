import type * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

/**
 * From int32 or bool to float32. The cpu backend lets both names share one array of integers, which no kernel could take
 * for floats.
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
    const { memory } = backend.threads;
    if (values instanceof Uint8Array && length > 1024)
      return backend.scratch(length, (bytes) => {
        memory.bytes(bytes, length).set(values);
        const y = backend.output(x.shape);
        backend.threads.run('bytesToFloats', [bytes, y.address, length], { alone: length < 65_536 });
        return y;
      });
    const y = backend.output(x.shape);
    memory.floats(y.address, length).set(values);
    return y;
  },
};
