import * as tf from '@tensorflow/tfjs';

/** Sums a tensor over the axes along which a tensor of `shape` was broadcast: a tensor of `shape`. */
export function sumToShape(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (tf.util.arraysEqual(x.shape, [...shape])) return x;
  // getReductionAxes takes a size of 0 for one of 1.
  if (x.size === 0) return tf.zeros([...shape]);
  const axes = tf.broadcast_util.getReductionAxes([...shape], x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, [...shape]);
}
