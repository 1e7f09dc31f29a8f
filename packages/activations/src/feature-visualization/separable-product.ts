import * as tf from '@tensorflow/tfjs';

/** The rows of a matrix. */
export type Matrix = readonly (readonly number[])[];

export const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j)));

export const transpose = (matrix: Matrix): Matrix => matrix[0].map((_, j) => matrix.map((row) => row[j]));

/** Every product of an entry of `a` and an entry of `b`: the Kronecker product, row by row. */
function kronecker(a: Matrix, b: Matrix): Float32Array {
  const size = a.length * b.length;
  const values = new Float32Array(size * size);
  a.forEach((row, i) =>
    row.forEach((x, j) =>
      b.forEach((otherRow, c) =>
        otherRow.forEach((y, d) => (values[(i * b.length + c) * size + j * b.length + d] = x * y)),
      ),
    ),
  );
  return values;
}

/**
 * A linear map of images, count x height x width x channels: columns are multiplied by `left` (height x
 * height), rows by `right` (width x width), pixels by `colors` (channels x channels).
 */
export interface SeparableProduct {
  readonly left: tf.Tensor3D;
  /** `right` and `colors` as one matrix. */
  readonly right: tf.Tensor2D;
}

/** The tensors of a separable product. The caller disposes them. */
export function separableProduct({
  left,
  right,
  colors,
}: {
  left: Matrix;
  right: Matrix;
  colors: Matrix;
}): SeparableProduct {
  // One matrix for rows and colors: a product with as many columns as channels would leave SIMD lanes idle.
  const size = right.length * colors.length;
  return {
    left: tf.tensor3d([left as number[][]]),
    right: tf.tensor2d(kronecker(right, colors), [size, size]),
  };
}

/** The product with images, count x height x width x channels: a new tensor. */
export function multiplySides(x: tf.Tensor4D, { left, right }: SeparableProduct): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const rows = tf.matMul(tf.reshape(x, [count * height, width * channels]), right);
    return tf.reshape(tf.matMul(left, tf.reshape(rows, [count, height, width * channels])), x.shape);
  });
}
