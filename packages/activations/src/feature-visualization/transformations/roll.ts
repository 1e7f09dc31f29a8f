import * as tf from '@tensorflow/tfjs';

function rollAxis(x: tf.Tensor4D, axis: number, shift: number): tf.Tensor4D {
  const size = x.shape[axis];
  const moved = ((shift % size) + size) % size;
  if (moved === 0) return x;
  const [head, tail] = tf.split<tf.Tensor4D>(x, [size - moved, moved], axis);
  return tf.concat<tf.Tensor4D>([tail, head], axis);
}

/**
 * Shifts images, count x height x width x channels, down by `rows` and right by `columns`, which are
 * integers. What leaves on one side enters on the other. Returns `x` itself if nothing moves.
 */
export function roll(x: tf.Tensor4D, { rows, columns }: { rows: number; columns: number }): tf.Tensor4D {
  return rollAxis(rollAxis(x, 1, rows), 2, columns);
}
