import * as tf from '@tensorflow/tfjs';

interface Window {
  size: readonly [number, number];
  strides: readonly [number, number];
  padding: 'valid' | 'same';
}

const LOWEST = -3.4e38;

/** How far a window of `size` reaches beyond both ends of an axis. */
function paddingOf(
  input: number,
  output: number,
  { size, stride }: { size: number; stride: number },
): [number, number] {
  const reach = (output - 1) * stride + size - input;
  const before = Math.floor(Math.max(0, reach) / 2);
  return [before, Math.max(0, reach - before)];
}

/** Lays `slots` (stride x stride tensors of one shape, row by row) side by side, so that each cell becomes a block. */
function interleave(slots: tf.Tensor4D[][]): tf.Tensor4D {
  const [count, height, width, channels] = slots[0][0].shape;
  const lines = slots.map((line) => {
    const cells = line.map((slot) => tf.reshape(slot, [count * height * width, 1, channels]));
    return tf.reshape(tf.concat(cells, 1), [count * height, 1, width * line.length * channels]);
  });
  return tf.reshape(tf.concat(lines, 1), [count, height * slots.length, width * slots[0].length, channels]);
}

/** Hands each number of dy to the first of the largest values of its window of x. */
function handToFirst(dy: tf.Tensor4D, [x, y]: tf.Tensor4D[], { size, strides }: Window): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const [, rows, columns] = y.shape;
  const [top] = paddingOf(height, rows, { size: size[0], stride: strides[0] });
  const [left] = paddingOf(width, columns, { size: size[1], stride: strides[1] });
  const [extraRows, extraColumns] = size.map((length, axis) => Math.floor((length - 1) / strides[axis]));
  const cells = [count, rows + extraRows, columns + extraColumns, channels] as const;
  // In blocks of the strides, because a plain slice is fast on every backend, and one with strides is not.
  const [tall, wide] = [cells[1] * strides[0], cells[2] * strides[1]];
  const used = [Math.min(height, tall - top), Math.min(width, wide - left)];
  const padded = tf.pad(
    tf.slice(x, 0, [count, ...used, channels]),
    [
      [0, 0],
      [top, tall - top - used[0]],
      [left, wide - left - used[1]],
      [0, 0],
    ],
    LOWEST,
  );
  const blocks = tf.reshape(padded, [count, cells[1], strides[0], cells[2], strides[1] * channels]);
  const slots = Array.from({ length: strides[0] }, () =>
    Array.from({ length: strides[1] }, () => tf.zeros<tf.Rank.R4>([...cells])),
  );
  let free: tf.Tensor4D = tf.onesLike(y);
  for (let i = 0; i < size[0]; i++)
    for (let j = 0; j < size[1]; j++) {
      const [down, across] = [Math.floor(i / strides[0]), Math.floor(j / strides[1])];
      const from = [0, down, i % strides[0], across, (j % strides[1]) * channels];
      const seen = tf.reshape(tf.slice(blocks, from, [count, rows, 1, columns, channels]), y.shape);
      const first = tf.mul<tf.Tensor4D>(free, tf.cast(tf.equal(seen, y), 'float32'));
      free = tf.sub(free, first);
      const moved = tf.pad(tf.mul(dy, first), [
        [0, 0],
        [down, extraRows - down],
        [across, extraColumns - across],
        [0, 0],
      ]);
      const line = slots[i % strides[0]];
      line[j % strides[1]] = tf.add(line[j % strides[1]], moved);
    }
  const dx = interleave(slots);
  const missing = [top + height - dx.shape[1], left + width - dx.shape[2]].map((size) => Math.max(0, size));
  const whole = tf.pad(dx, [
    [0, 0],
    [0, missing[0]],
    [0, missing[1]],
    [0, 0],
  ]);
  return tf.slice(whole, [0, top, left, 0], [count, height, width, channels]);
}

/** Backends whose own kernel gives the gradient to the first maximum, in one pass. */
const FIRST_BY_ITSELF = ['simd'];

/**
 * Max pooling, whose gradient goes to the first of the largest values of a window, row by row: backends differ in that,
 * and it matters where all values of a window are zero.
 */
export function maxPoolFirst(input: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { size, strides, padding } = window;
  if (FIRST_BY_ITSELF.includes(tf.getBackend())) return tf.maxPool(input, [...size], [...strides], padding);
  const op = tf.customGrad((x, save) => {
    const value = tf.maxPool(x as tf.Tensor4D, [...size], [...strides], padding);
    (save as tf.GradSaveFunc)([x as tf.Tensor4D, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() => handToFirst(dy as tf.Tensor4D, saved as tf.Tensor4D[], window));
    return { value, gradFunc };
  });
  return op(input) as tf.Tensor4D;
}
