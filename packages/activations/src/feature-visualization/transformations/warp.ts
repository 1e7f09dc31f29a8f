import * as tf from '@tensorflow/tfjs';

/** Sets a row of a matrix to the weights that interpolate linearly between `size` values at a position. */
function setInterpolation(row: Float32Array, position: number): void {
  const last = row.length - 1;
  if (last === 0) {
    row[0] = 1;
    return;
  }
  const inside = Math.min(last, Math.max(0, position));
  const before = Math.min(last - 1, Math.floor(inside));
  row[before] = 1 - (inside - before);
  row[before + 1] = inside - before;
}

/** For each line a matrix of size x size, whose row i reads the line at `positionOf(line, i)`. */
function interpolationMatrices(
  lines: number,
  size: number,
  positionOf: (line: number, i: number) => number,
): tf.Tensor3D {
  const values = new Float32Array(lines * size * size);
  for (let line = 0; line < lines; line++)
    for (let i = 0; i < size; i++) {
      const start = (line * size + i) * size;
      setInterpolation(values.subarray(start, start + size), positionOf(line, i));
    }
  return tf.tensor3d(values, [lines, size, size]);
}

/**
 * Rotates images, count x height x width x channels, about their center by `degrees` (clockwise, -45 to 45)
 * and scales them by `scale`. Pixels outside are filled with the nearest value. Interpolates linearly down
 * the columns first, then along the rows (Catmull and Smith, 3-D Transformations of Images in Scanline Order,
 * 1980). Both passes are matrix products: every backend has them with their gradient, and the cost per pixel
 * grows with the side only.
 */
export function warp(x: tf.Tensor4D, { degrees = 0, scale = 1 }): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  // Relative to the center, output (v, u) reads the source at (cos v - sin u, sin v + cos u).
  return tf.tidy(() => {
    const down = interpolationMatrices(width, height, (column, row) => {
      const [v, s] = [row - middleRow, column - middleColumn];
      return middleRow + ((cos * cos + sin * sin) * v - sin * s) / cos;
    });
    const along = interpolationMatrices(height, width, (row, column) => {
      const [v, u] = [row - middleRow, column - middleColumn];
      return middleColumn + sin * v + cos * u;
    });
    const columns = tf.reshape(tf.transpose(x, [2, 1, 0, 3]), [width, height, count * channels]);
    const rows = tf.transpose(tf.matMul(down, columns), [1, 0, 2]);
    const warped = tf.reshape<tf.Rank.R4>(tf.matMul(along, rows), [height, width, count, channels]);
    return tf.transpose<tf.Tensor4D>(warped, [2, 0, 1, 3]);
  });
}
