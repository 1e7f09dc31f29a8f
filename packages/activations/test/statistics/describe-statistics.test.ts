import * as tf from '@tensorflow/tfjs';
import { HISTOGRAM_ERROR } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeStatistics, featureMaps, layerStatistics } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('describeStatistics', () => {
  it('has quantiles within 1/32 of the exact value, and exact extremes', async () => {
    const model = sequentialModel();
    const images = randomImages(20);
    const [record] = await layerStatistics(model, images, { layers: ['conv'] });
    const { values } = await featureMaps(model, images, { layer: 'conv' });
    const sorted = [...values].sort((a, b) => a - b);
    const { quantile } = describeStatistics(record);
    expect(quantile(0)).toBe(sorted[0]);
    expect(quantile(1)).toBe(sorted.at(-1));
    for (const p of [0.01, 0.1, 0.25, 0.75, 0.9, 0.99]) {
      const expected = sorted[Math.ceil(p * sorted.length) - 1];
      expect(Math.abs(quantile(p) / expected - 1)).toBeLessThanOrEqual(HISTOGRAM_ERROR);
    }
  });

  it('has a quantile of 0 among zeros', async () => {
    const [record] = await layerStatistics(sequentialModel(), randomImages(5), { layers: ['relu'] });
    const { quantile, sparsity } = describeStatistics(record);
    expect(sparsity).toBeGreaterThan(0.2);
    expect(quantile(0.1)).toBe(0);
    expect(() => quantile(2)).toThrow('Expected p to be a number from 0 to 1, got 2');
  });

  it('refuses a channel that does not exist', async () => {
    const [record] = await layerStatistics(sequentialModel(), randomImages(1), { layers: ['scores'] });
    expect(() => describeStatistics(record, { channel: 3 })).toThrow(
      /Expected channel to be .* from 0 to 2, got 3/,
    );
  });
});
