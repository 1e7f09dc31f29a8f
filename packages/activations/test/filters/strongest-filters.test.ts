import * as tf from '@tensorflow/tfjs';
import { IDENTITY } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureMaps, strongestFilters } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('strongestFilters', () => {
  it.each(['mean', 'max'] as const)(
    'finds the feature map of the largest %s for each image, and counts',
    async (reduction) => {
      const images = randomImages(9);
      const options = { layer: 'norm', batchSize: 4 };
      const result = await strongestFilters(sequentialModel(), images, {
        ...options,
        reduction,
        perImage: true,
      });
      const { values } = await featureMaps(sequentialModel(), images, options);
      const counts = [0, 0, 0, 0];
      result.entries!.forEach(({ index, label, filter, score }, i) => {
        const activations = [0, 1, 2, 3].map((c) => {
          const map = values.slice(i * 256, i * 256 + 256).filter((_, j) => j % 4 === c);
          return reduction === 'max' ? Math.max(...map) : map.reduce((a, b) => a + b) / 64;
        });
        expect([index, label]).toEqual([i, i % 3]);
        expect(filter).toBe(activations.indexOf(Math.max(...activations)));
        expect(score).toBeCloseTo(activations[filter], 5);
        counts[filter]++;
      });
      expect(result).toMatchObject({ layer: 'norm', reduction, imageCount: 9 });
      expect([...result.counts]).toEqual(counts);
    },
  );

  it('takes the lower of equal filters, none if all are NaN; keeps entries only with perImage', async () => {
    const maps = tf.layers.activation({ activation: 'linear', name: 'maps', inputShape: [1, 1, 3] });
    const model = tf.sequential({ layers: [maps] });
    const pixels = Float32Array.of(1, 2, 2, NaN, -5, -6, NaN, NaN, NaN);
    const images = { name: 'three', pixels, count: 3, height: 1, width: 1, channels: 3, classNames: [] };
    const options = { layer: 'maps', preprocessing: IDENTITY };
    const { counts, ...rest } = await strongestFilters(model, images, options);
    expect([...counts]).toEqual([0, 2, 0]);
    expect(rest).not.toHaveProperty('entries');
    const { entries } = await strongestFilters(model, images, { ...options, perImage: true });
    expect(entries).toEqual([
      { index: 0, filter: 1, score: 2 },
      { index: 1, filter: 1, score: -5 },
      { index: 2, filter: -1, score: NaN },
    ]);
  });
});
