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
  mergeStatistics,
  mergeTopActivations,
  occlusion,
  saliency,
  topActivations,
} from '../src/index.js';
import { part } from './models.js';
import { describeWithImages, realImages } from './real-images.js';

const CAT = 3;
const asDrawn = { target: CAT, normalize: false, resize: false } as const;

/** The cat's logit of each image: what the last layer multiplies, by `predict`, times its weights. */
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

/** A class activation map of one image by its definition: `weightOf` a place of a map, by its gradient. */
function mapByDefinition(
  { maps, gradients, image }: { maps: FeatureMaps; gradients: FeatureMaps; image: number },
  weightOf: (gradient: number[], place: number, map: number[]) => number,
): number[] {
  const { height, width, channels } = maps;
  const area = height * width;
  const own = ({ values }: FeatureMaps, c: number) =>
    Array.from({ length: area }, (_, place) => values[(image * area + place) * channels + c]);
  const sums = new Array<number>(area).fill(0);
  for (let c = 0; c < channels; c++) {
    const [map, gradient] = [own(maps, c), own(gradients, c)];
    map.forEach((value, place) => (sums[place] += value * weightOf(gradient, place, map)));
  }
  return sums.map((sum) => Math.max(0, sum));
}

const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Means that each value differs by at most a ten-thousandth of the largest. */
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

    it('integrated gradients add up to the difference of the logits of the image and of black', async () => {
      const found = await integratedGradients(model, images, { target: CAT, steps: 64 });
      const [black] = logitsOf(model, new Uint8Array(3072), 1);
      const logits = logitsOf(model, images.pixels, 2);
      found.forEach(({ values }, i) => {
        const rise = logits[i] - black;
        expect(Math.abs(sumOf(values) - rise)).toBeLessThan(0.02 * Math.abs(rise));
      });
    });

    it('a gradient tells what a small step along it adds to the logit', async () => {
      const step = 0.003;
      const gradients = await attributions(model, images, { target: CAT });
      const size = gradients.map(({ values }) => Math.sqrt(sumOf(values.map((value) => value * value))));
      const moved = (by: number) =>
        Float32Array.from(images.pixels, (level, i) => {
          const image = Math.floor(i / 3072);
          return level + (255 * by * gradients[image].values[i % 3072]) / size[image];
        });
      const [up, down] = [step, -step].map((by) => logitsOf(model, moved(by), 2));
      size.forEach((slope, i) =>
        expect(Math.abs((up[i] - down[i]) / (2 * step) - slope)).toBeLessThan(0.02 * slope),
      );
      const drawn = await saliency(model, images, { target: CAT, collapse: 'sum' });
      expectSame(
        drawn[0].values,
        [...Array(1024).keys()].map((p) => sumOf(gradients[0].values.slice(3 * p, 3 * p + 3))),
      );
    });

    it('a square as large as the image takes all of the logit but that of grey', async () => {
      const found = await occlusion(model, images, { target: CAT, size: 32, resize: false });
      const [grey] = logitsOf(model, new Uint8Array(3072).fill(128), 1);
      const logits = logitsOf(model, images.pixels, 2);
      expectSame(
        found.map(({ values }) => values[0]),
        logits.map((logit) => logit - grey),
      );
    });

    it('class activation maps are what their definitions make of maps and gradients', async () => {
      const layer = 'last-conv';
      const maps = await featureMaps(model, images, { layer });
      const gradients = await layerGradients(model, images, { layer, target: CAT });
      const mean = (values: number[]) => sumOf(values) / values.length;
      const methods: [Heatmap[], Parameters<typeof mapByDefinition>[1]][] = [
        [await gradCam(model, images, asDrawn), (gradient) => mean(gradient)],
        [await layerCam(model, images, asDrawn), (gradient, place) => Math.max(0, gradient[place])],
        [
          await gradCamPlusPlus(model, images, asDrawn),
          (gradient, _place, map) => {
            const sum = sumOf(map);
            return sumOf(
              gradient.map((g) => {
                const below = 2 * g ** 2 + sum * g ** 3;
                return below === 0 ? 0 : (g ** 2 / below) * Math.max(0, g);
              }),
            );
          },
        ],
      ];
      for (const [found, weightOf] of methods)
        found.forEach(({ values }, image) =>
          expectSame(values, mapByDefinition({ maps, gradients, image }, weightOf)),
        );
    });

    it('statistics and top images of parts, merged, are those of what featureMaps shows of the whole', async () => {
      const all = realImages(12);
      const parts = [part(all, 0, 5), { ...part(all, 5, 12), indices: [5, 6, 7, 8, 9, 10, 11] }];
      const layer = 'last-conv';
      const { values, channels, height, width } = await featureMaps(model, all, { layer });
      const [a, b] = await Promise.all(parts.map((one) => layerStatistics(model, one, { layers: [layer] })));
      const { count, mean, min, max, zeroShare } = describeStatistics(mergeStatistics(a[0], b[0]));
      expect({ count, min, max }).toEqual({
        count: values.length,
        min: values.reduce((x, y) => Math.min(x, y)),
        max: values.reduce((x, y) => Math.max(x, y)),
      });
      expect(zeroShare).toBe(values.filter((value) => value === 0).length / values.length);
      expect(mean).toBeCloseTo(sumOf(values) / values.length, 10);
      const options = { layer, count: 3, reduction: 'max' } as const;
      const [c, d] = await Promise.all(parts.map((one) => topActivations(model, one, options)));
      const size = height * width * channels;
      mergeTopActivations(c, d).filters.forEach(({ filter, entries }) => {
        const peaks = Array.from({ length: 12 }, (_, index) => {
          const own = values.subarray(index * size, (index + 1) * size);
          return {
            index,
            score: own.reduce(
              (best, value, i) => (i % channels === filter ? Math.max(best, value) : best),
              0,
            ),
          };
        });
        peaks.sort((x, y) => y.score - x.score || x.index - y.index);
        expect(entries.map(({ index, score }) => ({ index, score }))).toEqual(peaks.slice(0, 3));
      });
    });
  });
});
