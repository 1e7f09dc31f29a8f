import * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';

/**
 * The address of a float32 variable's values, for an in-place update. Copy on write: if clones or saved
 * tensors refer to the same data, the variable gets a copy first.
 *
 * @throws OutOfMemory
 */
export function writableAddress(backend: SimdBackend, variable: tf.Variable): number {
  const address = backend.address(variable);
  if (backend.refCount(variable.dataId) === 1) {
    backend.detach(variable.dataId);
    backend.willWrite(variable);
    return address;
  }
  const info = backend.output(variable.shape);
  const { memory } = backend.threadPool;
  memory.floats(info.address, variable.size).set(memory.floats(address, variable.size));
  // The variable keeps the copy if the running kernel fails.
  backend.disown(info);
  const copy = tf.engine().makeTensorFromTensorInfo(info, backend);
  variable.assign(copy);
  copy.dispose();
  backend.willWrite(variable);
  return info.address;
}
