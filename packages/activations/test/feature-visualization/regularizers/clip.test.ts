import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipContribution, clipNorm } from '../../../src/feature-visualization/regularizers/clip.js';

beforeAll(() => tf.setBackend('cpu'));

const image = tf.tensor4d([0.5, 0.6, 0.9, 0.1], [1, 2, 2, 1]);
const gradient = tf.tensor4d([9, 9, -0.1, 9], [1, 2, 2, 1]);
const input = { image, gradient, origin: 0.5 };

describe('clipNorm', () => {
  it('sets the pixels nearest to the origin to the origin', async () => {
    const clipped = (await clipNorm(input, { percent: 50 })).dataSync();
    [0.5, 0.5, 0.9, 0.1].forEach((value, i) => expect(clipped[i]).toBeCloseTo(value, 6));
  });
});

describe('clipContribution', () => {
  it('sets the pixels of the smallest contribution to the origin', async () => {
    const clipped = (await clipContribution(input, { percent: 50 })).dataSync();
    [0.5, 0.6, 0.5, 0.1].forEach((value, i) => expect(clipped[i]).toBeCloseTo(value, 6));
  });
});
