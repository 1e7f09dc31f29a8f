import * as tf from '@tensorflow/tfjs';

/** A backend that gives access to its memory, such as @convlens/tfjs-backend-simd. */
interface HasReadView {
  /** The values of a tensor: read-only, and valid until the tensor is disposed. */
  readView(dataId: object): tf.backend_util.BackendValues;
}

const hasReadView = (backend: unknown): backend is HasReadView =>
  typeof (backend as Partial<HasReadView>).readView === 'function';

/**
 * The values of a float32 tensor, without a copy if the backend has `readView`. Read-only, and valid until
 * the tensor is disposed.
 */
export async function viewValues(tensor: tf.Tensor): Promise<Float32Array> {
  const backend: unknown = tf.backend();
  return (hasReadView(backend) ? backend.readView(tensor.dataId) : await tensor.data()) as Float32Array;
}

/**
 * Computes a lazy tensor now. A backend that defers an operation, to fuse it with the next one, otherwise
 * computes it once for each reader: a convolution that is both observed and read by a batch normalization
 * would be computed twice.
 */
export function materialize(tensor: tf.Tensor): void {
  const backend: unknown = tf.backend();
  if (hasReadView(backend)) backend.readView(tensor.dataId);
}
