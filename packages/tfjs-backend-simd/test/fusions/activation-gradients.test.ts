import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { onBoth } from '../support/on-both.js';

afterAll(() => tf.setBackend('cpu'));

describe('the gradient of ReLU', () => {
  it('has a second-order gradient', async () => {
    const penalty = (x: tf.Tensor) => {
      const f = (x: tf.Tensor) => tf.sum(tf.mul(tf.relu(x), tf.tensor1d([1, 2, 3, 4])));
      return tf.sum(tf.square(tf.grad(f)(x)));
    };
    const { simd, cpu } = await onBoth(() => tf.grad(penalty)(tf.tensor1d([-1, 2, -3, 4])));
    expect(simd).toEqual(cpu);
    expect(simd).toEqual([0, 0, 0, 0]);
  });
});
