import * as tf from '@tensorflow/tfjs';

/** The positions `start` to `start + size` of one axis. */
export const sliceAxis = (x: tf.Tensor, axis: number, start: number, size: number): tf.Tensor =>
  tf.slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((length, i) => (i === axis ? size : length)),
  );

/** Adds zeros before and after one axis. */
export function padAxis(x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor {
  if (before === 0 && after === 0) return x;
  return tf.pad(
    x,
    x.shape.map((_, i) => (i === axis ? [before, after] : [0, 0])),
  );
}

/** Inserts `step` - 1 zeros between the positions of one axis. */
export function spreadAxis(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  const length = x.shape[axis];
  if (step === 1 || length === 0) return x;
  const spread = [...x.shape.slice(0, axis), length * step, ...x.shape.slice(axis + 1)];
  const cells = tf.expandDims(x, axis + 1);
  return sliceAxis(
    tf.reshape(padAxis(cells, axis + 1, 0, step - 1), spread),
    axis,
    0,
    (length - 1) * step + 1,
  );
}
