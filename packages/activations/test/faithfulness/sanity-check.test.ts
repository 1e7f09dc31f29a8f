import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Heatmap } from '@convlens/core';
import { gradCam, saliency, sanityCheck, type ExplainFunction } from '../../src/index.js';
import { rankCorrelation } from '../../src/faithfulness/rank-correlation.js';
import { structuralSimilarity } from '../../src/faithfulness/structural-similarity.js';
import { nestedModel, randomImages, sequentialModel, sharedModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);

describe('sanityCheck', () => {
  it('randomizes layers from the output to the input, and compares the heatmaps', async () => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const check = await sanityCheck(model, images, { method: saliency, seed: 1 });
    expect(check).toMatchObject({ method: 'saliency', methodTitle: 'Saliency', order: 'cascading', seed: 1 });
    expect(check.steps.map(({ layer }) => layer)).toEqual(['scores', 'conv2', 'norm', 'conv']);
    expect(check.heatmaps).toEqual(await saliency(model, images));
    for (const { heatmaps, similarities } of check.steps)
      heatmaps.forEach((map, i) => {
        expect(map.classIndex).toBe(check.heatmaps[i].classIndex);
        const [a, b] = [check.heatmaps[i].values, map.values];
        expect(similarities[i].index).toBe(i);
        expect(similarities[i].spearman).toBe(rankCorrelation(a, b));
        expect(similarities[i].ssim).toBe(structuralSimilarity(a, b, map));
        expect(similarities[i].spearman).toBeLessThan(0.999);
      });
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    expect(tf.memory().numTensors).toBe(before);
    expect(structuredClone(check)).toEqual(check);
    expect(await sanityCheck(model, images, { method: saliency, seed: 1 })).toEqual(check);
    expect(await sanityCheck(model, images, { method: saliency, seed: 2 })).not.toEqual(check);
  });

  it('finds no change in a method that does not depend on the model', async () => {
    const edges: ExplainFunction = async (_, batch) =>
      Array.from({ length: batch.count }, (__, index): Heatmap => ({
        method: 'edges',
        classIndex: 0,
        index,
        height: 8,
        width: 8,
        values: Float32Array.from({ length: 64 }, (___, i) => batch.pixels[192 * index + 3 * i]),
        signed: false,
      }));
    const { steps } = await sanityCheck(sequentialModel(), images, { method: edges });
    for (const { similarities } of steps)
      for (const { spearman, ssim } of similarities) {
        expect(spearman).toBeCloseTo(1, 10);
        expect(ssim).toBeCloseTo(1, 10);
      }
  });

  it('randomizes one layer at a time in order independent', async () => {
    const model = sequentialModel();
    // The target does not depend on the layers after it.
    const target = { layer: 'conv2', channel: 1 };
    const options = { method: saliency, target, order: 'independent', seed: 3 } as const;
    const { steps } = await sanityCheck(model, images, options);
    expect(steps[0].similarities[0].spearman).toBeCloseTo(1, 10);
    expect(steps[3].similarities[0].spearman).toBeLessThan(0.99);
    const [alone] = (await sanityCheck(model, images, { ...options, layers: ['conv'] })).steps;
    expect(alone).toEqual(steps[3]);
  });

  it.each([
    ['nested', nestedModel, ['scores', 'conv2', 'features/norm', 'features/conv']],
    ['with a layer used twice', sharedModel, ['scores', 'shared', 'first']],
  ])('works on a model that is %s', async (_, make, names) => {
    const { steps } = await sanityCheck(make(), images, { method: gradCam });
    expect(steps.map(({ layer }) => layer)).toEqual(names);
  });

  it('refuses layers without weights, and leaves no tensor behind if aborted', async () => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    await expect(sanityCheck(model, images, { method: saliency, layers: ['relu'] })).rejects.toThrow(
      'Expected each of layers to be one of scores, conv2, norm, conv, got "relu"',
    );
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    await expect(
      sanityCheck(model, images, { method: saliency, signal: controller.signal, onProgress }),
    ).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});
