import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { attributions, collapseChannels, integratedGradients } from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);

describe('collapseChannels', () => {
  const attribution = {
    method: 'saliency',
    classIndex: 1,
    index: 0,
    height: 1,
    width: 2,
    channels: 3,
    values: Float32Array.of(1, -4, 2, 0.5, 0.5, -1),
  };
  it.each([
    ['sum', [-1, 0], true],
    ['abs-max', [4, 1], false],
    ['abs-mean', [7 / 3, 2 / 3], false],
  ] as const)('%s', (collapse, expected, signed) => {
    const heatmap = collapseChannels(attribution, { collapse });
    expect([...heatmap.values]).toEqual([...Float32Array.from(expected)]);
    expect(heatmap).toMatchObject({ method: 'saliency', classIndex: 1, height: 1, width: 2, signed });
  });

  it('reduces attributions to the heatmaps of a method', async () => {
    const model = sequentialModel();
    const raw = await attributions(model, images, { method: 'integrated-gradients', steps: 4 });
    expect(raw[0]).toMatchObject({ height: 8, width: 8, channels: 3 });
    expect(await integratedGradients(model, images, { steps: 4 })).toEqual(
      raw.map((each) => collapseChannels(each)),
    );
  });
});
