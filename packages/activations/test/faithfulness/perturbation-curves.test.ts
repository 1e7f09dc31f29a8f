import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Heatmap } from '@convlens/core';
import { deletionCurves, gradCam, insertionCurves } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';
import { asIs, linearImage, linearModel } from '../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);

describe('deletionCurves and insertionCurves', () => {
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
    method: 'custom',
    classIndex: 0,
    index: 0,
    height: 2,
    width: 3,
    values: Float32Array.from(values),
    signed: true,
  });
  const terms = weights.map(([weight], i) => weight * pixels[i]);
  const options = { ...asIs, score: 'logit', baseline: 0, steps: 6 } as const;

  it('change pixels in descending order of attribution, of equal values the lower pixel first', async () => {
    const model = linearModel(weights);
    const heatmaps = [heatmap([0, 9, 9, 1, 5, -2])];
    const order = [1, 2, 4, 3, 0, 5];
    const sums = order.reduce((list, pixel) => [...list, list.at(-1)! + terms[pixel]], [0]);
    const total = sums.at(-1)!;
    const [inserted] = await insertionCurves(model, linearImage(pixels), { ...options, heatmaps });
    expect([...inserted.scores]).toEqual(sums);
    expect([...inserted.fractions]).toEqual([...Float32Array.from(order.concat(0), (_, k) => k / 6)]);
    const area = sums.slice(1).reduce((sum, score, k) => sum + (score + sums[k]) / 2 / 6, 0);
    expect(inserted.auc).toBeCloseTo(area, 5);
    for (const batchSize of [1, 4]) {
      const [deleted] = await deletionCurves(model, linearImage(pixels), { ...options, heatmaps, batchSize });
      expect([...deleted.scores]).toEqual(sums.map((sum) => total - sum));
      expect(deleted).toMatchObject({ kind: 'deletion', method: 'custom', classIndex: 0, index: 0 });
    }
  });

  it('replace deleted pixels by the mean color or a level', async () => {
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
    expect([...level.fractions]).toEqual([0, 0.5, 1]);
  });

  it('rate a heatmap of the contributions better than its negative', async () => {
    const model = linearModel(weights);
    const [good, bad] = [heatmap(terms), heatmap(terms.map((term) => -term))];
    const areaOf = async (curves: typeof deletionCurves, map: Heatmap) =>
      (await curves(model, linearImage(pixels), { ...options, heatmaps: [map] }))[0].auc;
    expect(await areaOf(deletionCurves, good)).toBeLessThan(await areaOf(deletionCurves, bad));
    expect(await areaOf(insertionCurves, good)).toBeGreaterThan(await areaOf(insertionCurves, bad));
  });

  it('follow the probability of the class of each heatmap by default', async () => {
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

  it('refuse heatmaps of another number or size', async () => {
    const model = sequentialModel();
    const small = await gradCam(model, images, { resize: false });
    await expect(deletionCurves(model, images, { heatmaps: small })).rejects.toThrow(
      'Expected heatmaps of 8 x 8, the size of the images, got 2 x 2',
    );
    await expect(deletionCurves(model, images, { heatmaps: [] })).rejects.toThrow(
      'Expected heatmaps to hold 2 maps, one per image, got 0',
    );
  });
});
