import * as tf from '@tensorflow/tfjs';
import { cifar10Bn6conv, resnet20 } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import type { FeatureMaps, Heatmap, Images } from '@convlens/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  describeStatistics,
  featureMaps,
  gradCam,
  gradCamPlusPlus,
  integratedGradients,
  layerCam,
  layerGradients,
  layerStatistics,
  mergeLayerStatistics,
  mergeTopActivations,
  occlusion,
  saliency,
  topActivations,
} from '../src/index.js';
import { part } from './models.js';
import { describeWithImages, realImages } from './real-images.js';

const CAT = 3;
const raw = { target: CAT, normalize: false, resize: false } as const;

/**
 * The logit of the class cat for each image: the input of the last layer, by `predict`, times its weights.
 */
function logitsOf(model: tf.LayersModel, pixels: ArrayLike<number>, count: number): number[] {
  return tf.tidy(() => {
    const last = model.layers.at(-1)!;
    const before = tf.model({ inputs: model.inputs, outputs: last.input as tf.SymbolicTensor });
    const x = tf.tensor4d(
      Float32Array.from(pixels, (level) => level / 255),
      [count, 32, 32, 3],
    );
    const [kernel, bias] = last.getWeights();
    const product = tf.matMul(before.predict(x) as tf.Tensor2D, kernel as tf.Tensor2D);
    return (tf.add(product, bias).arraySync() as number[][]).map((scores) => scores[CAT]);
  });
}

/**
 * A class activation map of one image by its definition; `weightOf` computes the weight of a position of a
 * map.
 */
function mapByDefinition(
  { maps, gradients, image }: { maps: FeatureMaps; gradients: FeatureMaps; image: number },
  weightOf: (gradient: number[], position: number, map: number[]) => number,
): number[] {
  const { height, width, channels } = maps;
  const area = height * width;
  const channelOf = ({ values }: FeatureMaps, c: number) =>
    Array.from({ length: area }, (_, position) => values[(image * area + position) * channels + c]);
  const sums = new Array<number>(area).fill(0);
  for (let c = 0; c < channels; c++) {
    const [map, gradient] = [channelOf(maps, c), channelOf(gradients, c)];
    map.forEach((value, position) => (sums[position] += value * weightOf(gradient, position, map)));
  }
  return sums.map((sum) => Math.max(0, sum));
}

const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Expects each value to differ by less than 1e-4 of the largest. */
function expectSame(actual: ArrayLike<number>, expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(1e-4 * largest));
}

describeWithImages('on real images of CIFAR-10', () => {
  beforeAll(() => tf.setBackend('simd'));

  describe.each([
    ['cifar10-bn-6conv', cifar10Bn6conv],
    ['resnet20', resnet20],
  ] as const)('and %s', (_, make) => {
    let model: tf.LayersModel;
    let images: Images & { labels: Int32Array };
    beforeAll(() => {
      model = make({ seed: 1 });
      images = realImages(2);
    });
    afterAll(() => void model?.dispose());

    it('integrated gradients sum to the difference between two logits', async () => {
      const heatmaps = await integratedGradients(model, images, { target: CAT, steps: 64 });
      const [black] = logitsOf(model, new Uint8Array(3072), 1);
      const logits = logitsOf(model, images.pixels, 2);
      heatmaps.forEach(({ values }, i) => {
        const increase = logits[i] - black;
        expect(Math.abs(sumOf(values) - increase)).toBeLessThan(0.02 * Math.abs(increase));
      });
    });

    it('the gradient predicts the increase of the logit for a small step along it', async () => {
      const step = 0.003;
      const gradients = await attributions(model, images, { target: CAT });
      const size = gradients.map(({ values }) => Math.sqrt(sumOf(values.map((value) => value * value))));
      const moved = (distance: number) =>
        Float32Array.from(images.pixels, (level, i) => {
          const image = Math.floor(i / 3072);
          return level + (255 * distance * gradients[image].values[i % 3072]) / size[image];
        });
      const [up, down] = [step, -step].map((by) => logitsOf(model, moved(by), 2));
      size.forEach((slope, i) =>
        expect(Math.abs((up[i] - down[i]) / (2 * step) - slope)).toBeLessThan(0.02 * slope),
      );
      const heatmaps = await saliency(model, images, { target: CAT, collapse: 'sum' });
      expectSame(
        heatmaps[0].values,
        [...Array(1024).keys()].map((p) => sumOf(gradients[0].values.slice(3 * p, 3 * p + 3))),
      );
    });

    it('a square as large as the image changes the logit to that of a gray image', async () => {
      const heatmaps = await occlusion(model, images, { target: CAT, size: 32, resize: false });
      const [gray] = logitsOf(model, new Uint8Array(3072).fill(128), 1);
      const logits = logitsOf(model, images.pixels, 2);
      expectSame(
        heatmaps.map(({ values }) => values[0]),
        logits.map((logit) => logit - gray),
      );
    });

    it('class activation maps equal their definitions', async () => {
      const layer = 'last-conv';
      const maps = await featureMaps(model, images, { layer });
      const gradients = await layerGradients(model, images, { layer, target: CAT });
      const mean = (values: number[]) => sumOf(values) / values.length;
      const methods: [Heatmap[], Parameters<typeof mapByDefinition>[1]][] = [
        [await gradCam(model, images, raw), (gradient) => mean(gradient)],
        [await layerCam(model, images, raw), (gradient, position) => Math.max(0, gradient[position])],
        [
          await gradCamPlusPlus(model, images, raw),
          (gradient, _position, map) => {
            const sum = sumOf(map);
            return sumOf(
              gradient.map((g) => {
                const denominator = 2 * g ** 2 + sum * g ** 3;
                return denominator === 0 ? 0 : (g ** 2 / denominator) * Math.max(0, g);
              }),
            );
          },
        ],
      ];
      for (const [heatmaps, weightOf] of methods)
        heatmaps.forEach(({ values }, image) =>
          expectSame(values, mapByDefinition({ maps, gradients, image }, weightOf)),
        );
    });

    it('merged statistics and top activations of two subsets equal those of the whole set', async () => {
      const all = realImages(12);
      const parts = [part(all, 0, 5), { ...part(all, 5, 12), indices: [5, 6, 7, 8, 9, 10, 11] }];
      const layer = 'last-conv';
      const { values, channels, height, width } = await featureMaps(model, all, { layer });
      const [a, b] = await Promise.all(
        parts.map((subset) => layerStatistics(model, subset, { layers: [layer] })),
      );
      const { count, mean, min, max, sparsity } = describeStatistics(mergeLayerStatistics(a[0], b[0]));
      expect({ count, min, max }).toEqual({
        count: values.length,
        min: values.reduce((x, y) => Math.min(x, y)),
        max: values.reduce((x, y) => Math.max(x, y)),
      });
      expect(sparsity).toBe(values.filter((value) => value === 0).length / values.length);
      expect(mean).toBeCloseTo(sumOf(values) / values.length, 10);
      const options = { layer, count: 3, reduction: 'max' } as const;
      const [c, d] = await Promise.all(parts.map((subset) => topActivations(model, subset, options)));
      const size = height * width * channels;
      mergeTopActivations(c, d).filters.forEach(({ filter, entries }) => {
        const maxima = Array.from({ length: 12 }, (_, index) => {
          const maps = values.subarray(index * size, (index + 1) * size);
          return {
            index,
            score: maps.reduce(
              (best, value, i) => (i % channels === filter ? Math.max(best, value) : best),
              0,
            ),
          };
        });
        maxima.sort((x, y) => y.score - x.score || x.index - y.index);
        expect(entries.map(({ index, score }) => ({ index, score }))).toEqual(maxima.slice(0, 3));
      });
    });
  });
});
