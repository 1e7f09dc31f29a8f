import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { attributions, gradCam, guidedGradCam } from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);

describe('guidedGradCam', () => {
  it('is the product of guided backpropagation and Grad-CAM', async () => {
    const model = sequentialModel();
    const guided = await attributions(model, images, { method: 'guided-backprop', target: 1 });
    const maps = await gradCam(model, images, { target: 1, layer: 'relu' });
    const heatmaps = await guidedGradCam(model, images, { target: 1, layer: 'relu', collapse: 'sum' });
    expect(heatmaps[0]).toMatchObject({
      method: 'guided-grad-cam',
      layer: 'relu',
      classIndex: 1,
      signed: true,
    });
    heatmaps.forEach(({ values }, i) =>
      values.forEach((value, p) => {
        const sum = guided[i].values.slice(3 * p, 3 * p + 3).reduce((a, b) => a + b);
        expect(value).toBeCloseTo(sum * maps[i].values[p], 5);
      }),
    );
  });
});
