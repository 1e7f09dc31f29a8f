import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { occlusion } from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);

describe('occlusion', () => {
  it('gives each pixel the mean of the squares that cover it', async () => {
    const model = sequentialModel();
    const options = { target: 0, size: 3, stride: 2 };
    const [small] = await occlusion(model, images, { ...options, resize: false });
    const [large] = await occlusion(model, images, options);
    expect([small.height, small.width]).toEqual([4, 4]);
    const { values } = small;
    expect(large.values[0]).toBe(values[0]);
    expect(large.values[2]).toBeCloseTo((values[0] + values[1]) / 2, 6);
    expect(large.values[63]).toBe(values[15]);
  });
});
