import * as tf from '@tensorflow/tfjs';
import { normal, randomAt } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxPoolFirst } from '../../src/gradients/max-pool.js';

beforeAll(() => tf.setBackend('cpu'));

const random = randomAt(1);
const tensor = (shape: [number, number, number, number], sample = () => normal(random)) =>
  tf.tensor4d(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, sample), shape);

describe('maxPoolFirst', () => {
  it.each([
    [[2, 2], [2, 2], 'valid'],
    [[2, 2], [2, 2], 'same'],
    [[3, 3], [2, 2], 'same'],
    [[3, 2], [1, 2], 'valid'],
    [[2, 3], [3, 1], 'same'],
    [[2, 2], [3, 3], 'valid'],
    [[5, 4], [2, 3], 'same'],
  ] as const)(
    'has the value and the gradient of the cpu kernel: window %j, strides %j, %s',
    (size, strides, padding) => {
      tf.tidy(() => {
        // Few levels, so that most windows have several maxima; the cpu kernel takes the first.
        const levels = tensor([2, 7, 10, 3], () => Math.floor(random() * 3));
        for (const x of [tensor([2, 7, 10, 3]), levels]) {
          const theirs = (y: tf.Tensor4D) => tf.maxPool(y, [...size], [...strides], padding);
          const ours = (y: tf.Tensor4D) => maxPoolFirst(y, { size, strides, padding });
          const expected = theirs(x);
          expect(ours(x).dataSync()).toEqual(expected.dataSync());
          const dy = tensor(expected.shape);
          const gradient = tf.grad(ours as never)(x, dy);
          const difference = tf.max(tf.abs(tf.sub(gradient, tf.grad(theirs as never)(x, dy))));
          expect(difference.dataSync()[0]).toBeLessThan(1e-6);
        }
      });
    },
  );
});
