import * as tf from '@tensorflow/tfjs';
import { IDENTITY, InputError, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { channelMaximum, featureMaps } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('channelMaximum', () => {
  it('is the largest value of any channel at each position, with the index of each image', async () => {
    const images = { ...randomImages(5), indices: [9, 3, 1, 4, 7] };
    const options = { layer: 'relu', batchSize: 2 };
    const heatmaps = await channelMaximum(sequentialModel(), images, { ...options, resize: false });
    const { values } = await featureMaps(sequentialModel(), images, options);
    expect(heatmaps.map(({ index }) => index)).toEqual(images.indices);
    heatmaps.forEach((heatmap, i) => {
      expect(heatmap).toMatchObject({
        method: 'channel-maximum',
        methodTitle: 'Channel maximum',
        layer: 'relu',
        classIndex: -1,
        height: 8,
        width: 8,
        signed: false,
      });
      heatmap.values.forEach((value, position) => {
        const first = (i * 64 + position) * 4;
        expect(value).toBe(Math.max(...values.subarray(first, first + 4)));
      });
    });
  });

  it('is resized to the image bilinearly, with half-pixel centers', async () => {
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2, inputShape: [4, 4, 1] });
    const model = tf.sequential({ layers: [pool] });
    const pixels = Float32Array.of(0, 1, 4, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 16);
    const images: Images = {
      name: 'one',
      pixels,
      count: 1,
      height: 4,
      width: 4,
      channels: 1,
      classNames: [],
    };
    const [{ values, height, width }] = await channelMaximum(model, images, {
      layer: 'pool',
      preprocessing: IDENTITY,
    });
    // [[1, 4], [8, 16]] with the weights 1, 3/4, 1/4, 0 along each axis.
    const rows = [
      [1, 1.75, 3.25, 4],
      [2.75, 3.8125, 5.9375, 7],
      [6.25, 7.9375, 11.3125, 13],
      [8, 10, 14, 16],
    ];
    expect([height, width]).toEqual([4, 4]);
    rows.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  });

  it('refuses a layer that outputs units', async () => {
    const result = channelMaximum(sequentialModel(), randomImages(1), { layer: 'scores' });
    await expect(result).rejects.toThrow(InputError);
    await expect(result).rejects.toThrow(
      'Expected layer to output feature maps (height x width x channels), got scores of shape [3]',
    );
  });
});
