import * as tf from '@tensorflow/tfjs';

interface Window {
  size: readonly [number, number];
  strides: readonly [number, number];
  padding: 'valid' | 'same';
}

/** Lower than any activation: padding that is never a maximum. */
const LOWEST = -3.4e38;

/** The number of rows (or columns) that padding adds before the first of an axis. */
function paddingBefore(input: number, output: number, { size, stride }: { size: number; stride: number }) {
  return Math.floor(Math.max(0, (output - 1) * stride + size - input) / 2);
}

/**
 * Combines `phases`, stride x stride tensors of one shape: each position becomes a block of stride x stride
 * positions.
 */
function interleave(phases: tf.Tensor4D[][]): tf.Tensor4D {
  const [count, height, width, channels] = phases[0][0].shape;
  const lines = phases.map((line) => {
    const cells = line.map((phase) => tf.reshape(phase, [count * height * width, 1, channels]));
    return tf.reshape(tf.concat(cells, 1), [count * height, 1, width * line.length * channels]);
  });
  return tf.reshape(tf.concat(lines, 1), [count, height * phases.length, width * phases[0].length, channels]);
}

/** Pads rows and columns: [before, after] of each. */
const padImage = (
  x: tf.Tensor4D,
  rows: [number, number],
  columns: [number, number],
  value = 0,
): tf.Tensor4D => tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);

/**
 * The gradient of max pooling: each value of dy goes to the first maximum of its window of x.
 *
 * Row r of the padded image is row floor(r / stride) of phase r % stride, and columns likewise. All values
 * that some offset within the windows reads then lie in one phase and form a plain slice of it. A plain slice
 * is fast on every backend, a strided one is not.
 */
function firstMaximumGradient(
  dy: tf.Tensor4D,
  [x, y]: tf.Tensor4D[],
  { size, strides }: Window,
): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const [, rows, columns] = y.shape;
  const top = paddingBefore(height, rows, { size: size[0], stride: strides[0] });
  const left = paddingBefore(width, columns, { size: size[1], stride: strides[1] });
  // The rows and columns of a phase: those of the output, and more where a window spans several strides.
  const [extraRows, extraColumns] = size.map((length, axis) => Math.floor((length - 1) / strides[axis]));
  const phaseShape = [count, rows + extraRows, columns + extraColumns, channels] as const;
  const [paddedHeight, paddedWidth] = [phaseShape[1] * strides[0], phaseShape[2] * strides[1]];
  const [usedHeight, usedWidth] = [Math.min(height, paddedHeight - top), Math.min(width, paddedWidth - left)];
  const padded = padImage(
    tf.slice(x, 0, [count, usedHeight, usedWidth, channels]),
    [top, paddedHeight - top - usedHeight],
    [left, paddedWidth - left - usedWidth],
    LOWEST,
  );
  const blocks = tf.reshape(padded, [count, phaseShape[1], strides[0], phaseShape[2], strides[1] * channels]);
  const phases = Array.from({ length: strides[0] }, () =>
    Array.from({ length: strides[1] }, () => tf.zeros<tf.Rank.R4>([...phaseShape])),
  );
  // 1 where the maximum of a window has not been found yet.
  let pending: tf.Tensor4D = tf.onesLike(y);
  for (let i = 0; i < size[0]; i++)
    for (let j = 0; j < size[1]; j++) {
      const [down, across] = [Math.floor(i / strides[0]), Math.floor(j / strides[1])];
      const [rowPhase, columnPhase] = [i % strides[0], j % strides[1]];
      const corner = [0, down, rowPhase, across, columnPhase * channels];
      const values = tf.reshape(tf.slice(blocks, corner, [count, rows, 1, columns, channels]), y.shape);
      const isFirst = tf.mul<tf.Tensor4D>(pending, tf.cast(tf.equal(values, y), 'float32'));
      pending = tf.sub(pending, isFirst);
      const gradient = padImage(
        tf.mul(dy, isFirst),
        [down, extraRows - down],
        [across, extraColumns - across],
      );
      phases[rowPhase][columnPhase] = tf.add(phases[rowPhase][columnPhase], gradient);
    }
  const dx = interleave(phases);
  // Rows and columns that no window reads have gradient 0.
  const missingRows = Math.max(0, top + height - dx.shape[1]);
  const missingColumns = Math.max(0, left + width - dx.shape[2]);
  const whole = padImage(dx, [0, missingRows], [0, missingColumns]);
  return tf.slice(whole, [0, top, left, 0], [count, height, width, channels]);
}

/** Backends whose max pooling kernel already gives the gradient to the first maximum, in one pass. */
const FIRST_MAXIMUM_BACKENDS = ['simd'];

/**
 * Max pooling whose gradient goes to the first maximum of a window, in row-major order. Backends differ in
 * this, and it matters where all values of a window are zero.
 */
export function maxPoolFirst(input: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { size, strides, padding } = window;
  const pool = (x: tf.Tensor4D) => tf.maxPool(x, [...size], [...strides], padding);
  if (FIRST_MAXIMUM_BACKENDS.includes(tf.getBackend())) return pool(input);
  const op = tf.customGrad((x, save) => {
    const value = pool(x as tf.Tensor4D);
    (save as tf.GradSaveFunc)([x as tf.Tensor4D, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() => firstMaximumGradient(dy as tf.Tensor4D, saved as tf.Tensor4D[], window));
    return { value, gradFunc };
  });
  return op(input) as tf.Tensor4D;
}
