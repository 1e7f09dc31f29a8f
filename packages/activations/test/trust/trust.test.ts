import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Heatmap } from '@convlens/core';
import {
  deletionCurves,
  gradCam,
  insertionCurves,
  saliency,
  sanityCheck,
  type HeatmapMethod,
} from '../../src/index.js';
import { gaussianBlur } from '../../src/trust/gaussian-blur.js';
import { rankCorrelation } from '../../src/trust/rank-correlation.js';
import { structuralSimilarity } from '../../src/trust/structural-similarity.js';
import { nestedModel, randomImages, sequentialModel, sharedModel } from '../models.js';
import { asIs, linearImage, linearModel } from '../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);

// Two maps of 9 x 11 from formulas; what SciPy 1.17.1 makes of them: scipy.stats.spearmanr, and the SSIM written with
// scipy.ndimage.uniform_filter (7 x 7, sample variances, the border cut off).
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
const first = Array.from({ length: 99 }, (_, i) => round(Math.sin(i * 0.37) + 0.01 * i, 2));
const second = Array.from({ length: 99 }, (_, i) => round(Math.cos(i * 0.21) + 0.3 * Math.sin(i * 0.37), 1));

describe('rankCorrelation', () => {
  it('is that of SciPy, with ties', () => {
    expect(rankCorrelation(first, second)).toBeCloseTo(0.4007470871244269, 12);
    expect(rankCorrelation(first.map(Math.abs), second.map(Math.abs))).toBeCloseTo(0.09769689663840511, 12);
  });
  it('is 1 for the same order, -1 for the reverse, NaN for a single value', () => {
    expect(rankCorrelation([1, 2, 9], [2, 4, 5])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 9], [5, 4, 2])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [5, 4, 2])).toBeNaN();
  });
});

describe('structuralSimilarity', () => {
  it('is that of SciPy', () =>
    expect(structuralSimilarity(first, second, { height: 9, width: 11 })).toBeCloseTo(
      0.21918225235809272,
      10,
    ));
  it('is 1 for one map and itself on another scale', () => {
    const scaled = first.map((value) => 3 * value + 1);
    expect(structuralSimilarity(first, scaled, { height: 9, width: 11 })).toBeCloseTo(1, 10);
    expect(structuralSimilarity([1, 2, 3, 4], [1, 2, 3, 4], { height: 2, width: 2 })).toBeCloseTo(1, 10);
  });
});

describe('gaussianBlur', () => {
  it('keeps a level and spreads a point by the Gaussian', () => {
    const size = { height: 23, width: 23, channels: 2 };
    const level = new Float32Array(23 * 23 * 2).fill(7);
    gaussianBlur(level, size).forEach((value) => expect(value).toBeCloseTo(7, 4));
    const point = new Float32Array(23 * 23 * 2);
    const middle = (11 * 23 + 11) * 2;
    point[middle] = 1;
    const blurred = gaussianBlur(point, size);
    expect(blurred[middle + 2 * 3] / blurred[middle]).toBeCloseTo(Math.exp(-9 / 50), 5);
    expect(blurred[middle + 2 * 23 * 4] / blurred[middle]).toBeCloseTo(Math.exp(-16 / 50), 5);
    expect(blurred.filter((_, i) => i % 2 === 1).every((value) => value === 0)).toBe(true);
  });
});

describe('sanityCheck', () => {
  it('makes layers random from the output down, and compares each map with that of the trained model', async () => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const check = await sanityCheck(model, images, { method: saliency, seed: 1 });
    expect(check).toMatchObject({ method: 'saliency', order: 'cascading', seed: 1 });
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

  it('finds nothing changed in a method that looks at the image alone', async () => {
    const edges: HeatmapMethod = async (_, given) =>
      Array.from({ length: given.count }, (__, index): Heatmap => ({
        method: 'edges',
        classIndex: 0,
        index,
        height: 8,
        width: 8,
        values: Float32Array.from({ length: 64 }, (___, i) => given.pixels[192 * index + 3 * i]),
        signed: false,
      }));
    const { steps } = await sanityCheck(sequentialModel(), images, { method: edges });
    for (const { similarities } of steps)
      for (const { spearman, ssim } of similarities) {
        expect(spearman).toBeCloseTo(1, 10);
        expect(ssim).toBeCloseTo(1, 10);
      }
  });

  it('takes one layer at a time in order independent: one below the score leaves what is above as it was', async () => {
    const model = sequentialModel();
    // What is explained does not read the layers above it.
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

  it('refuses layers without weights, and leaves nothing behind when aborted', async () => {
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

describe('curves', () => {
  const weights = [
    [1, 0],
    [-3, 0],
    [5, 0],
    [7, 0],
    [-9, 0],
    [2, 0],
  ];
  const pixels = [1, 2, 3, 4, 5, 6];
  const heatmap = (values: number[]): Heatmap => ({
    method: 'given',
    classIndex: 0,
    index: 0,
    height: 2,
    width: 3,
    values: Float32Array.from(values),
    signed: true,
  });
  const terms = weights.map(([weight], i) => weight * pixels[i]);
  const options = { ...asIs, score: 'logit', baseline: 0, steps: 6 } as const;

  it('take pixels out, or put them in, in the order of the map, of equal ones the first first', async () => {
    const model = linearModel(weights);
    const heatmaps = [heatmap([0, 9, 9, 1, 5, -2])];
    const order = [1, 2, 4, 3, 0, 5];
    const sums = order.reduce((list, pixel) => [...list, list.at(-1)! + terms[pixel]], [0]);
    const total = sums.at(-1)!;
    const [inserted] = await insertionCurves(model, linearImage(pixels), { ...options, heatmaps });
    expect([...inserted.scores]).toEqual(sums);
    expect([...inserted.shares]).toEqual([...Float32Array.from(order.concat(0), (_, k) => k / 6)]);
    const area = sums.slice(1).reduce((sum, score, k) => sum + (score + sums[k]) / 2 / 6, 0);
    expect(inserted.auc).toBeCloseTo(area, 5);
    for (const batchSize of [1, 4]) {
      const [deleted] = await deletionCurves(model, linearImage(pixels), { ...options, heatmaps, batchSize });
      expect([...deleted.scores]).toEqual(sums.map((sum) => total - sum));
      expect(deleted).toMatchObject({ kind: 'deletion', method: 'given', classIndex: 0, index: 0 });
    }
  });

  it('put the mean colour or a level in the place of what is taken out', async () => {
    const model = linearModel(weights);
    const heatmaps = [heatmap([6, 5, 4, 3, 2, 1])];
    const sum = weights.reduce((all, [weight]) => all + weight, 0);
    const [mean] = await deletionCurves(model, linearImage(pixels), {
      ...options,
      heatmaps,
      baseline: 'mean',
    });
    expect(mean.scores[6]).toBeCloseTo(3.5 * sum, 4);
    const [level] = await deletionCurves(model, linearImage(pixels), {
      ...options,
      heatmaps,
      baseline: 200,
      steps: 2,
    });
    expect(level.scores[2]).toBeCloseTo(200 * sum, 3);
    expect([...level.shares]).toEqual([0, 0.5, 1]);
  });

  it('tell a map that orders pixels by what they add from one that orders them the other way', async () => {
    const model = linearModel(weights);
    const [good, bad] = [heatmap(terms), heatmap(terms.map((term) => -term))];
    const areaOf = async (curves: typeof deletionCurves, map: Heatmap) =>
      (await curves(model, linearImage(pixels), { ...options, heatmaps: [map] }))[0].auc;
    expect(await areaOf(deletionCurves, good)).toBeLessThan(await areaOf(deletionCurves, bad));
    expect(await areaOf(insertionCurves, good)).toBeGreaterThan(await areaOf(insertionCurves, bad));
  });

  it('follow the probability of the class of each map from the image to the empty image by default', async () => {
    const model = sequentialModel();
    const heatmaps = await gradCam(model, images, { target: 2 });
    const curves = await deletionCurves(model, images, { heatmaps, steps: 4 });
    expect(curves.map(({ method, layer, classIndex, index }) => [method, layer, classIndex, index])).toEqual([
      ['grad-cam', 'conv2', 2, 0],
      ['grad-cam', 'conv2', 2, 1],
    ]);
    const inserted = await insertionCurves(model, images, { heatmaps, steps: 4, baseline: 'mean' });
    curves.forEach(({ scores }, i) => {
      expect(scores[0]).toBeCloseTo(inserted[i].scores[4], 5);
      expect(scores[4]).toBeCloseTo(inserted[i].scores[0], 5);
      expect(Math.min(...scores)).toBeGreaterThan(0);
      expect(Math.max(...scores)).toBeLessThan(1);
    });
    expect(structuredClone(curves)).toEqual(curves);
  });

  it('refuse maps of another number or size', async () => {
    const model = sequentialModel();
    const small = await gradCam(model, images, { resize: false });
    await expect(deletionCurves(model, images, { heatmaps: small })).rejects.toThrow(
      'Expected heatmaps of 8 x 8, as the images are, got 2 x 2',
    );
    await expect(deletionCurves(model, images, { heatmaps: [] })).rejects.toThrow(
      'Expected heatmaps to hold 2 maps, one an image, got 0',
    );
  });
});
