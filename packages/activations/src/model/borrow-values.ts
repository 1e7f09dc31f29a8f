import * as tf from '@tensorflow/tfjs';

/** A backend that shows values where they lie, such as @convlens/tfjs-backend-simd. */
interface Lender {
  /** Not to be changed, and gone when the tensor is disposed. */
  borrow(id: object): tf.backend_util.BackendValues;
}

const isLender = (backend: unknown): backend is Lender =>
  typeof (backend as Partial<Lender>).borrow === 'function';

/**
 * The values of a float32 tensor, without a copy where the backend lends them: not to be changed, and not to be read once
 * the tensor is disposed.
 */
export async function borrowValues(tensor: tf.Tensor): Promise<Float32Array> {
  const backend: unknown = tf.backend();
  return (isLender(backend) ? backend.borrow(tensor.dataId) : await tensor.data()) as Float32Array;
}

/**
 * Has the values of a tensor computed now. A backend that puts work off, to join it with that of a layer behind, does it
 * once for each reader: a convolution that is looked at, and read by a batch normalization, would be computed twice.
 */
export function settle(tensor: tf.Tensor): void {
  const backend: unknown = tf.backend();
  if (isLender(backend)) backend.borrow(tensor.dataId);
}
