import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { blur } from '../../../src/feature-visualization/regularizers/blur.js';

beforeAll(() => tf.setBackend('cpu'));

describe('blur', () => {
  it('turns a dot into the Gaussian kernel, and keeps a constant image up to its edges', () => {
    const dot = tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 3, 3, 1]);
    const side = Math.exp(-1 / (2 * 0.8 ** 2));
    const kernel = [side, 1, side].map((weight) => weight / (1 + 2 * side));
    const blurred = blur(dot, { size: 3 }).dataSync();
    kernel.forEach((a, y) => kernel.forEach((b, x) => expect(blurred[3 * y + x]).toBeCloseTo(a * b, 6)));
    const constant = blur(tf.fill([1, 4, 5, 3], 0.3), { size: 5 }).dataSync();
    constant.forEach((value) => expect(value).toBeCloseTo(0.3, 6));
  });
});
