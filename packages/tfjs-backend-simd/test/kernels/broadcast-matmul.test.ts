import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setGuards } from '../../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  setGuards(true);
});
afterAll(() => setGuards(false));

const random = (shape: readonly number[], seed: number) =>
  tf.randomUniform([...shape], -1, 1, 'float32', seed);

/** The batches of a and of b, and that of the product. */
const BATCHES = [
  [[2, 1], [3], [2, 3]],
  [[3], [2, 1], [2, 3]],
  [
    [2, 1],
    [2, 4],
    [2, 4],
  ],
  [
    [2, 3, 1],
    [3, 2],
    [2, 3, 2],
  ],
  [
    [1, 3, 2],
    [4, 1, 2],
    [4, 3, 2],
  ],
  [[0, 1], [3], [0, 3]],
] as const;

describe.each(BATCHES)('products of batches %j and %j', (batchA, batchB, batch) => {
  const matrices = () => [random([...batchA, 2, 5], 1), random([...batchB, 5, 3], 2)] as const;

  /** The products of pairs of matrices, one by one. */
  const expected = (a: tf.Tensor, b: tf.Tensor) => {
    const [left, right] = [tf.broadcastTo(a, [...batch, 2, 5]), tf.broadcastTo(b, [...batch, 5, 3])];
    return tf.sum(tf.mul(tf.expandDims(left, -1), tf.expandDims(right, -3)), -2);
  };

  const expectSame = (actual: tf.Tensor, other: tf.Tensor) => {
    expect(actual.shape).toEqual(other.shape);
    if (actual.size > 0) expect(tf.max(tf.abs(tf.sub(actual, other))).dataSync()[0]).toBeLessThan(1e-5);
  };

  it('are those of the repeated matrices, and leave no memory', () => {
    const { memory } = (tf.backend() as unknown as SimdBackend).threadPool;
    const before = memory.bytesUsed;
    tf.tidy(() => {
      const [a, b] = matrices();
      expectSame(tf.matMul(a, b), expected(a, b));
      const batchAxes = a.shape.map((_, axis) => axis).slice(0, -2);
      const transposed = tf.transpose(a, [...batchAxes, a.rank - 1, a.rank - 2]);
      expectSame(tf.matMul(transposed, b, true), expected(a, b));
    });
    expect(memory.bytesUsed).toBe(before);
  });

  it('have the gradients of the repeated matrices', () => {
    tf.tidy(() => {
      const dy = random([...batch, 2, 3], 4);
      const gradients = (product: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
        tf.grads(((a: tf.Tensor, b: tf.Tensor) => product(a, b)) as never)([...matrices()], dy);
      const actual = gradients((a, b) => tf.matMul(a, b));
      gradients(expected).forEach((gradient, i) => expectSame(actual[i], gradient));
    });
  });
});
