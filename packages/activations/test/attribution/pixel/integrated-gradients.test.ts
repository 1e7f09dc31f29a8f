import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { integratedGradients, predictions } from '../../../src/index.js';
import { part, randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);

describe('integratedGradients', () => {
  it('sums to the difference between the scores of the image and the baseline', async () => {
    const model = sequentialModel();
    const sums = async (baseline: number) => {
      const heatmaps = await integratedGradients(model, images, { target: 1, steps: 200, baseline });
      return heatmaps.map(({ values }) => values.reduce((a, b) => a + b));
    };
    const scoreOf = async (pixels: Uint8Array) => {
      const [{ probabilities }] = await predictions(model, { ...part(images, 0, 1), pixels });
      return Math.log(probabilities[1] / probabilities[0]);
    };
    const against = await integratedGradients(model, images, { target: 0, steps: 200, baseline: 128 });
    const [ours] = await sums(128);
    const theirs = against[0].values.reduce((a, b) => a + b);
    const pixels = part(images, 0, 1).pixels as Uint8Array;
    const difference = (await scoreOf(pixels)) - (await scoreOf(new Uint8Array(192).fill(128)));
    expect(ours - theirs).toBeCloseTo(difference, 2);
  });
});
