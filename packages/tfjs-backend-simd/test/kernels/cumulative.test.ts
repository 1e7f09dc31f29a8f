import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));

type Options = [axis: number, exclusive?: boolean, reverse?: boolean];

/** Of x = [[1, 2, 3], [4, 5, 6]]: the result, and the gradient for dy = [[1, 2, 3], [4, 5, 6]], by definition. */
const CASES: ['cumsum' | 'cumprod', Options, result: number[], gradient: number[]][] = [
  ['cumsum', [-1], [1, 3, 6, 4, 9, 15], [6, 5, 3, 15, 11, 6]],
  ['cumsum', [-2], [1, 2, 3, 5, 7, 9], [5, 7, 9, 4, 5, 6]],
  ['cumsum', [-1, true], [0, 1, 3, 0, 4, 9], [5, 3, 0, 11, 6, 0]],
  ['cumsum', [-1, false, true], [6, 5, 3, 15, 11, 6], [1, 3, 6, 4, 9, 15]],
  ['cumprod', [-1], [1, 2, 6, 4, 20, 120], [23, 11, 6, 209, 164, 120]],
  ['cumprod', [-2], [1, 2, 3, 4, 10, 18], [17, 27, 39, 4, 10, 18]],
  ['cumprod', [-1, true, true], [6, 3, 1, 30, 6, 1], [0, 3, 4, 0, 24, 25]],
];

it.each(CASES)('tf.%s along a negative axis, and its gradient: %j', (name, options, result, gradient) => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const f = (values: tf.Tensor) => tf[name](values, ...options);
    expect(f(x).shape).toEqual([2, 3]);
    expect([...f(x).dataSync()]).toEqual(result);
    expect([...tf.grad(f)(x, x).dataSync()]).toEqual(gradient);
  });
});

it('sums of integers and of a tensor of four dimensions', () => {
  tf.tidy(() => {
    expect([...tf.cumsum(tf.tensor1d([1, 2, 3], 'int32'), -1).dataSync()]).toEqual([1, 3, 6]);
    const sums = tf.cumsum(tf.ones([2, 3, 2, 2]), -3);
    expect([sums.shape, tf.max(sums).dataSync()[0]]).toEqual([[2, 3, 2, 2], 3]);
    expect(() => tf.cumsum(tf.ones([2, 3]), -3)).toThrow(/axis/);
  });
});
