import * as tf from '@tensorflow/tfjs';

function rollAxis(x: tf.Tensor4D, axis: number, by: number): tf.Tensor4D {
  const size = x.shape[axis];
  const shift = ((by % size) + size) % size;
  if (shift === 0) return x;
  const [head, tail] = tf.split<tf.Tensor4D>(x, [size - shift, shift], axis);
  return tf.concat<tf.Tensor4D>([tail, head], axis);
}

/**
 * Moves images, count x height x width x channels, down by `rows` and right by `columns`, whole numbers; what leaves on
 * one side enters on the other, so no value is lost or mixed. Returns `x` itself where nothing moves.
 */
export function roll(x: tf.Tensor4D, { rows, columns }: { rows: number; columns: number }): tf.Tensor4D {
  return rollAxis(rollAxis(x, 1, rows), 2, columns);
}
