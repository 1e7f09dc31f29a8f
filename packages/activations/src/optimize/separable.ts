import * as tf from '@tensorflow/tfjs';

/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

export const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j)));

export const transpose = (matrix: Matrix): Matrix => matrix[0].map((_, j) => matrix.map((row) => row[j]));

/**
 * Multiplies both sides of images, count x height x width x channels: by `left` (height x height) down each column, by
 * `right` (width x width) along each row, and by `colours` (channels x channels) across each pixel.
 */
export interface SeparableProduct {
  readonly left: tf.Tensor3D;
  readonly right: tf.Tensor2D;
}

/** The matrices as tensors, for the caller to dispose. */
export function separableProduct({
  left,
  right,
  colours,
}: {
  left: Matrix;
  right: Matrix;
  colours: Matrix;
}): SeparableProduct {
  const [width, channels] = [right.length, colours.length];
  // Rows and colours in one matrix: a product with as many columns as channels would leave SIMD lanes idle.
  const values = new Float32Array((width * channels) ** 2);
  right.forEach((line, i) =>
    line.forEach((weight, j) =>
      colours.forEach((mix, c) =>
        mix.forEach((share, d) => {
          values[(i * channels + c) * width * channels + j * channels + d] = weight * share;
        }),
      ),
    ),
  );
  return {
    left: tf.tensor3d([left as number[][]]),
    right: tf.tensor2d(values, [width * channels, width * channels]),
  };
}

export function multiplySides(x: tf.Tensor4D, { left, right }: SeparableProduct): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const lines = tf.matMul(tf.reshape(x, [count * height, width * channels]), right);
    return tf.reshape(tf.matMul(left, tf.reshape(lines, [count, height, width * channels])), x.shape);
  });
}
