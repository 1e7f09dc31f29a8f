import * as tf from '@tensorflow/tfjs';

/*
 * Operations along one axis, on a tensor of three dimensions: what is before the axis, the axis, and what is after it. So
 * they work for any rank; the webgl backend cannot pad five dimensions.
 */

/** Applies an operation to the axis as the middle one of three. */
function alongAxis(
  x: tf.Tensor,
  axis: number,
  operation: (lines: tf.Tensor3D, length: number, inner: number) => tf.Tensor,
): tf.Tensor {
  const length = x.shape[axis];
  const { sizeFromShape } = tf.util;
  const [outer, inner] = [sizeFromShape(x.shape.slice(0, axis)), sizeFromShape(x.shape.slice(axis + 1))];
  const y = operation(tf.reshape(x, [outer, length, inner]), length, inner);
  return tf.reshape(y, [...x.shape.slice(0, axis), y.shape[1]!, ...x.shape.slice(axis + 1)]);
}

/** `count` positions from `start` on, `step` apart. */
export function sliceAxis(x: tf.Tensor, axis: number, start: number, count: number, step = 1): tf.Tensor {
  if (start === 0 && step === 1 && count === x.shape[axis]) return x;
  return alongAxis(x, axis, (lines, _, inner) => {
    const [outer] = lines.shape;
    if (step === 1) return tf.slice(lines, [0, start, 0], [outer, count, inner]);
    const end = start + (count - 1) * step + 1;
    return tf.stridedSlice(lines, [0, start, 0], [outer, end, inner], [1, step, 1]);
  });
}

/** Adds `value` before and after. */
export function padAxis(x: tf.Tensor, axis: number, before: number, after: number, value = 0): tf.Tensor {
  if (before === 0 && after === 0) return x;
  return alongAxis(x, axis, (lines) =>
    tf.pad3d(
      lines,
      [
        [0, 0],
        [before, after],
        [0, 0],
      ],
      value,
    ),
  );
}

/** The same, where a negative number of positions is removed; what is left of nothing is `value`. */
export function padOrCropAxis(
  x: tf.Tensor,
  axis: number,
  before: number,
  after: number,
  value = 0,
): tf.Tensor {
  const size = x.shape[axis];
  const start = Math.max(0, -before);
  const end = size - Math.max(0, -after);
  if (end <= start)
    return tf.fill(
      x.shape.map((length, i) => (i === axis ? before + size + after : length)),
      value,
    );
  const cropped = sliceAxis(x, axis, start, end - start);
  return padAxis(cropped, axis, Math.max(0, before), Math.max(0, after), value);
}

/** Inserts `step` - 1 zeros between the positions. */
export function spreadAxis(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  if (step === 1 || x.shape[axis] === 0) return x;
  return alongAxis(x, axis, (lines, length, inner) => {
    const [outer] = lines.shape;
    const cells = padAxis(tf.reshape(lines, [outer * length, 1, inner]), 1, 0, step - 1);
    return sliceAxis(tf.reshape(cells, [outer, length * step, inner]), 1, 0, (length - 1) * step + 1);
  });
}
