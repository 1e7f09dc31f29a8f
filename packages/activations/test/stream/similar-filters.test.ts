import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelCorrelations, kernels, similarFilters, topActivations, topOverlaps } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(12);

/** The model with filter 3 made of filter 1: twice the kernel, and a little noise. */
function modelWithCopy() {
  const model = sequentialModel();
  const [kernel, bias] = model.getLayer('conv').getWeights();
  const values = kernel
    .dataSync()
    .map((value, i, all) => (i % 4 === 3 ? 2 * all[i - 2] + 1e-3 * (i % 7) : value));
  model.getLayer('conv').setWeights([tf.tensor(values, kernel.shape), bias]);
  return model;
}

/** Pearson's correlation by its definition. */
function correlation(a: number[], b: number[]): number {
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const covariance = (x: number[], y: number[]) =>
    mean(x.map((value, i) => (value - mean(x)) * (y[i] - mean(y))));
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}

describe('similarFilters', () => {
  it('finds the copy of a filter first, by its kernel', async () => {
    const { pairs, ...rest } = await similarFilters(modelWithCopy(), images, { layer: 'relu', count: 4 });
    expect(rest).toEqual({
      layer: 'relu',
      kernels: 'conv',
      reduction: 'mean',
      count: 4,
      sortedBy: 'correlation',
    });
    expect(pairs.length).toBe(6);
    expect(pairs[0].filters).toEqual([1, 3]);
    expect(pairs[0].correlation).toBeGreaterThan(0.99);
    const sorted = pairs.map((pair) => pair.correlation);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  });

  it('correlates kernels as Pearson does, and compares top images as Jaccard does', async () => {
    const model = modelWithCopy();
    const bank = await kernels(model, { layer: 'conv' });
    const own = (filter: number) => [...bank.values].filter((_, i) => i % 4 === filter);
    const top = await topActivations(model, images, { layer: 'relu', count: 4 });
    const indices = (filter: number) => top.filters[filter].entries.map(({ index }) => index);
    const options = { layer: 'relu', count: 4, sortBy: 'overlap', pairs: 3 } as const;
    const { pairs } = await similarFilters(model, images, options);
    expect(pairs.length).toBe(3);
    const correlations = kernelCorrelations(bank);
    const overlaps = topOverlaps(top);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        expect(correlations[a * 4 + b]).toBeCloseTo(correlation(own(a), own(b)), 6);
        const both = new Set([...indices(a), ...indices(b)]).size;
        expect(overlaps[a * 4 + b]).toBeCloseTo((8 - both) / both, 12);
      }
    for (const { filters, overlap } of pairs) expect(overlap).toBe(overlaps[filters[0] * 4 + filters[1]]);
    expect(pairs[0].overlap).toBe(Math.max(...pairs.map((pair) => pair.overlap)));
  });

  it('looks at the weights of a dense layer, and at those behind pooling; NaN comes last', async () => {
    expect(await similarFilters(sequentialModel(), images, { layer: 'pool' })).toMatchObject({
      kernels: 'conv',
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

  it('refuses a layer whose channels are those of no kernel, and a wrong order', async () => {
    await expect(similarFilters(sequentialModel(), images, { layer: 'flatten' })).rejects.toThrow(
      /Expected layer to be a convolution or a dense layer, or to follow one, got flatten/,
    );
    await expect(similarFilters(sequentialModel(), images, { sortBy: 'size' as never })).rejects.toThrow(
      'Expected sortBy to be one of correlation, overlap, got "size"',
    );
  });
});
