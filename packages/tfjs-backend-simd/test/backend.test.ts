import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.js';
import '../src/index.js';

beforeAll(() => tf.setBackend('simd'));
afterAll(() => tf.setBackend('cpu'));

describe('a chain of pending operations', () => {
  const LENGTH = 3000;

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['convolutions', (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 1, 'same')],
    ['batch norms', (x) => tf.batchNorm(x, tf.zeros([1]), tf.ones([1]), undefined, undefined, 0)],
  ])(`can have ${LENGTH} %s`, async (_, apply) => {
    const before = tf.memory();
    let x = tf.ones([1, 2, 2, 1]);
    for (let i = 0; i < LENGTH; i++) {
      const y = tf.tidy(() => apply(x));
      x.dispose();
      x = y;
    }
    expect([...x.dataSync()]).toEqual([1, 1, 1, 1]);
    x.dispose();
    expect(tf.memory()).toEqual(before);
  });
});

describe('readView', () => {
  it('returns the values without a copy', () => {
    const backend = tf.backend() as unknown as SimdBackend;
    const x = tf.relu(tf.tensor1d([-1, 2]));
    const view = backend.readView(x.dataId) as Float32Array;
    expect([...view]).toEqual([0, 2]);
    expect(view.buffer).toBe(backend.threadPool.memory.memory.buffer);
    x.dispose();
  });
});

it('names the kernel if neither backend has one for the inputs', () => {
  const x = tf.tensor1d([1, 2], 'int32');
  expect(() => tf.engine().runKernel('SimdDropout', { x }, { rate: 0.5, keys: [1, 2] })).toThrow(
    "Backend 'simd' has no SimdDropout kernel for these inputs",
  );
  x.dispose();
});
