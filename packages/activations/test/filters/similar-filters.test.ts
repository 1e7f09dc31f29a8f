import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { similarFilters, topActivations, topOverlaps } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';
import { modelWithCopy } from './similar-models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(12);

describe('similarFilters', () => {
  it('lists the copy of a filter first, by the correlation of the kernels', async () => {
    const { pairs, ...rest } = await similarFilters(modelWithCopy(), images, { layer: 'relu', count: 4 });
    expect(rest).toEqual({
      layer: 'relu',
      kernelLayer: 'conv',
      reduction: 'mean',
      topCount: 4,
      sortedBy: 'correlation',
    });
    expect(pairs.length).toBe(6);
    expect(pairs[0].filters).toEqual([1, 3]);
    expect(pairs[0].correlation).toBeGreaterThan(0.99);
    const sorted = pairs.map((pair) => pair.correlation);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  });

  it('sorts by the overlap of the top images', async () => {
    const model = modelWithCopy();
    const overlaps = topOverlaps(await topActivations(model, images, { layer: 'relu', count: 4 }));
    const options = { layer: 'relu', count: 4, sortBy: 'overlap', pairs: 3 } as const;
    const { pairs } = await similarFilters(model, images, options);
    expect(pairs.length).toBe(3);
    for (const { filters, overlap } of pairs) expect(overlap).toBe(overlaps[filters[0] * 4 + filters[1]]);
    expect(pairs[0].overlap).toBe(Math.max(...pairs.map((pair) => pair.overlap)));
  });

  it('compares the kernels before a pooling, and those of a dense layer, with NaN last', async () => {
    expect(await similarFilters(sequentialModel(), images, { layer: 'pool' })).toMatchObject({
      kernelLayer: 'conv',
    });
    const model = sequentialModel();
    const [kernel, bias] = model.getLayer('scores').getWeights();
    const values = kernel.dataSync().map((value, i) => (i % 3 === 0 ? 0.5 : value));
    model.getLayer('scores').setWeights([tf.tensor(values, kernel.shape), bias]);
    const { pairs, layer } = await similarFilters(model, images, { layer: 'scores' });
    expect(layer).toBe('scores');
    expect(pairs.map(({ filters }) => filters)).toEqual([
      [1, 2],
      [0, 1],
      [0, 2],
    ]);
    expect(pairs[1].correlation).toBe(NaN);
  });

  it('refuses a layer whose channels do not come from a kernel, and an unknown order', async () => {
    await expect(similarFilters(sequentialModel(), images, { layer: 'flatten' })).rejects.toThrow(
      /Expected layer to be a convolution or a dense layer, or to follow one, got flatten/,
    );
    await expect(similarFilters(sequentialModel(), images, { sortBy: 'size' as never })).rejects.toThrow(
      'Expected sortBy to be one of correlation, overlap, got "size"',
    );
  });
});
