import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { IDENTITY, type Images } from '@convlens/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  classActivations,
  describeStatistics,
  featureMaps,
  layerStatistics,
  topActivations,
} from '../../src/index.js';
import { describeWith } from '../../../../test/support/requirements.js';
import { goldenBackends, useBackend } from '../backends.js';

interface Tensor {
  shape: number[];
  data: number[];
}
interface Summary {
  mean: number;
  std: number;
  min: number;
  max: number;
  fraction_zero: number;
}
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/feature-stats.json', import.meta.url), 'utf8'),
) as {
  activation: Tensor;
  labels: number[];
  n_classes: number;
  channel_mean: Tensor;
  channel_max: Tensor;
  top3_by_mean: number[][];
  top3_by_max: number[][];
  class_channel_mean: (number[] | null)[];
  layer: Summary;
  per_channel: Summary[];
};

/** The activations of the fixture, as images that a layer reshapes to maps of 8 x 8 x 5. */
const images: Images = {
  name: 'golden',
  pixels: Float32Array.from(golden.activation.data),
  labels: Int32Array.from(golden.labels),
  count: 6,
  height: 16,
  width: 20,
  channels: 1,
  classNames: Array.from({ length: golden.n_classes }, (_, i) => `class ${i}`),
};
const options = { preprocessing: IDENTITY, layer: 'maps' } as const;
let model: tf.LayersModel;

beforeAll(() => {
  const maps = tf.layers.reshape({ name: 'maps', targetShape: [8, 8, 5], inputShape: [16, 20, 1] });
  model = tf.sequential({ layers: [maps] });
});
afterAll(() => void model.dispose());

for (const [backend, requirement] of goldenBackends)
  describeWith(requirement)(`against NumPy and TensorFlow, on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    describe.each([1, 4, 100])('batch size %i', (batchSize) => {
      const settings = { ...options, batchSize };

      it('returns the feature maps', async () => {
        const { values, height, width, channels } = await featureMaps(model, images, settings);
        expect([height, width, channels]).toEqual([8, 8, 5]);
        expect(values).toEqual(Float32Array.from(golden.activation.data));
      });

      it.each([
        ['mean', golden.channel_mean.data, golden.top3_by_mean],
        ['max', golden.channel_max.data, golden.top3_by_max],
      ] as const)(
        'finds the top three images by %s, the first of equal ones',
        async (reduction, scores, best) => {
          const { filters } = await topActivations(model, images, { ...settings, reduction, count: 3 });
          expect(filters.map(({ entries }) => entries.map(({ index }) => index))).toEqual(best);
          for (const { filter, entries } of filters)
            for (const { index, score, label, row, column } of entries) {
              expect(score).toBeCloseTo(scores[index * 5 + filter], 5);
              expect(label).toBe(golden.labels[index]);
              const map = golden.activation.data
                .slice(index * 320, (index + 1) * 320)
                .filter((_, i) => i % 5 === filter);
              expect(row * 8 + column).toBe(map.indexOf(Math.max(...map)));
            }
        },
      );

      it('averages by class, NaN for a class without images', async () => {
        const { means, counts, classNames } = await classActivations(model, images, settings);
        expect(counts).toEqual([2, 2, 2, 0]);
        expect(classNames.length).toBe(4);
        golden.class_channel_mean.forEach((expected, label) => {
          const row = means.slice(label * 5, label * 5 + 5);
          if (expected) expected.forEach((mean, c) => expect(row[c]).toBeCloseTo(mean, 5));
          else expect([...row].every(Number.isNaN)).toBe(true);
        });
      });

      it('describes the layer and each channel', async () => {
        const [statistics] = await layerStatistics(model, images, {
          preprocessing: IDENTITY,
          batchSize,
          layers: ['maps'],
        });
        expect(statistics).toMatchObject({ layer: 'maps', shape: [8, 8, 5], imageCount: 6 });
        for (const [channel, expected] of [
          [undefined, golden.layer] as const,
          ...golden.per_channel.entries(),
        ]) {
          const { mean, std, min, max, sparsity } = describeStatistics(statistics, { channel });
          expect(mean).toBeCloseTo(expected.mean, 5);
          expect(std).toBeCloseTo(expected.std, 5);
          expect(min).toBeCloseTo(expected.min, 5);
          expect(max).toBeCloseTo(expected.max, 5);
          expect(sparsity).toBeCloseTo(expected.fraction_zero, 5);
        }
        expect(describeStatistics(statistics).deadChannels).toEqual([2]);
      });
    });
  });
