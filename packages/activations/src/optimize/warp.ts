import * as tf from '@tensorflow/tfjs';

/** Writes into `matrix` at `offset` the row that reads a line of `size` values at `place`, linearly between two of them. */
function interpolate(
  matrix: Float32Array,
  { offset, size, place }: { offset: number; size: number; place: number },
): void {
  const inside = Math.min(size - 1, Math.max(0, place));
  const before = Math.min(size - 2, Math.floor(inside));
  if (size === 1) matrix[offset] = 1;
  else {
    matrix[offset + before] = 1 - (inside - before);
    matrix[offset + before + 1] = inside - before;
  }
}

/** `lines` matrices of size x size, whose row `to` reads at `placeOf(line, to)`. */
function matrices(lines: number, size: number, placeOf: (line: number, to: number) => number): tf.Tensor3D {
  const values = new Float32Array(lines * size * size);
  for (let line = 0; line < lines; line++)
    for (let to = 0; to < size; to++)
      interpolate(values, { offset: (line * size + to) * size, size, place: placeOf(line, to) });
  return tf.tensor3d(values, [lines, size, size]);
}

/**
 * Turns images, count x height x width x channels, about their centre by `degrees` (clockwise, -45 to 45) and magnifies
 * them by `scale`; beyond the edge the edge goes on. It interpolates linearly down the columns first and then along the
 * rows (Catmull and Smith, 3-D Transformations of Images in Scanline Order, 1980), as two products with matrices: so every
 * backend has it, with its gradient, and the cost grows with the side, not with the area.
 */
export function warp(x: tf.Tensor4D, { degrees = 0, scale = 1 }): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  // Output (row, column) shows the source at (cos row - sin column, sin row + cos column), from the centre.
  return tf.tidy(() => {
    const down = matrices(width, height, (column, row) => {
      const [v, s] = [row - middleRow, column - middleColumn];
      return middleRow + ((cos * cos + sin * sin) * v - sin * s) / cos;
    });
    const along = matrices(height, width, (row, column) => {
      const [v, u] = [row - middleRow, column - middleColumn];
      return middleColumn + sin * v + cos * u;
    });
    const columns = tf.reshape(tf.transpose(x, [2, 1, 0, 3]), [width, height, count * channels]);
    const rows = tf.transpose(tf.matMul(down, columns), [1, 0, 2]);
    const result = tf.reshape<tf.Rank.R4>(tf.matMul(along, rows), [height, width, count, channels]);
    return tf.transpose<tf.Tensor4D>(result, [2, 0, 1, 3]);
  });
}
