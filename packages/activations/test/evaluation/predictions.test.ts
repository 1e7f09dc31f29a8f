import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { predictions } from '../../src/index.js';
import { randomImages } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('predictions', () => {
  it('predict the lower of two equally probable classes', async () => {
    const layers = [
      tf.layers.flatten({ inputShape: [8, 8, 3] }),
      tf.layers.dense({ units: 3, kernelInitializer: 'zeros' }),
    ];
    const result = await predictions(tf.sequential({ layers }), randomImages(7));
    expect(result.map(({ predicted }) => predicted)).toEqual(new Array(7).fill(0));
  });
});
