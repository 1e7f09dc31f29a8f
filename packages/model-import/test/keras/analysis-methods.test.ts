import * as activations from '@convlens/activations';
import { defaultClassNames, IDENTITY, type FeatureMaps } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { files, inputValues, references } from '../reference.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

/** Models with one image as input and one output. */
const classifiers = Object.entries(references).filter(
  ([, { inputs, outputs }]) => inputs.length === 1 && inputs[0].length === 4 && outputs.length === 1,
);

const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);
const meanOf = (values: ArrayLike<number>) => sumOf(values) / values.length;
const scatter = (values: ArrayLike<number>, center = meanOf(values)) =>
  sumOf(Array.from(values, (value) => (value - center) ** 2));

/** Pearson's correlation. */
function pearson(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const product = a.reduce((sum, value, i) => sum + (value - meanA) * (b[i] - meanB), 0);
  return product / Math.sqrt(scatter(a, meanA) * scatter(b, meanB));
}

/** The mean of each feature map, channels x images. */
const channelMeans = ({ values, count, channels, height, width }: FeatureMaps) =>
  Array.from({ length: channels }, (_, channel) =>
    Array.from({ length: count }, (_, image) => {
      const size = height * width * channels;
      const maps = values.subarray(image * size, (image + 1) * size);
      return meanOf(maps.filter((_, i) => i % channels === channel));
    }),
  );

/** The scatter between classes as a fraction of the total scatter. */
function betweenClassFraction(means: readonly (readonly number[])[], labels: Int32Array): number {
  const within = means.flatMap((channel) =>
    [...new Set(labels)].map((label) => scatter(channel.filter((_, i) => labels[i] === label))),
  );
  return 1 - sumOf(within) / sumOf(means.map((channel) => scatter(channel)));
}

const expectFinite = (values: ArrayLike<number>, title: string) =>
  expect(Array.from(values).every(Number.isFinite), title).toBe(true);

/** More images than the reference has, so that each class has several. */
const COUNT = 6;

describe.each(classifiers)('the imported %s', (name, { inputs, outputs }) => {
  const [, height, width, channels] = inputs[0];
  const shape = [COUNT, height, width, channels];
  const images = {
    name: 'hashed',
    pixels: inputValues(shape, 0),
    labels: Int32Array.from({ length: COUNT }, (_, i) => i % 2),
    classNames: defaultClassNames(outputs[0].shape[1]),
    ...{ count: COUNT, height, width, channels },
  };
  const { labels } = images;
  const options = { preprocessing: IDENTITY };

  /** Runs a test on the model and checks that it leaves no tensor. */
  async function withModel(test: (model: tf.LayersModel) => Promise<void>): Promise<void> {
    const { model } = await importKeras(files[`${name}.keras`]);
    const before = tf.memory().numTensors;
    await test(model);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  }

  it('works with sanity checks, perturbation curves and layer gradients', () =>
    withModel(async (model) => {
      const heatmaps = await activations.gradCam(model, images, { ...options, target: 0 });
      const { method } = await activations.sanityCheck(model, images, {
        ...options,
        method: activations.gradCam,
      });
      expect(method).toBe('grad-cam');
      for (const curves of [activations.insertionCurves, activations.deletionCurves])
        for (const { scores } of await curves(model, images, { ...options, heatmaps, steps: 2 }))
          expectFinite(scores, curves.name);
      const gradients = await activations.layerGradients(model, images, { ...options, target: 0 });
      expectFinite(gradients.values, 'layerGradients');
    }));

  it('works with feature visualization', () =>
    withModel(async (model) => {
      const objective = { kind: 'class', class: 0 } as const;
      const [optimized] = await activations.visualizeFeatures(model, [objective], { ...options, steps: 2 });
      expectFinite(optimized.pixels, 'visualizeFeatures');
    }));

  it('is evaluated, and its mistakes are counted', () =>
    withModel(async (model) => {
      const predicted = tf.tidy(() =>
        (model.predict(tf.tensor(images.pixels, shape)) as tf.Tensor).argMax(-1).dataSync(),
      );
      const wrong = labels.filter((label, i) => predicted[i] !== label).length;
      const evaluation = await activations.evaluateModel(model, images, options);
      expect(evaluation.count).toBe(COUNT);
      expect(evaluation.accuracy).toBeCloseTo(1 - wrong / COUNT, 6);
      expect((await activations.mistakes(model, images, options)).wrong).toBe(wrong);
    }));

  it('works with comparisons of filters', () =>
    withModel(async (model) => {
      expectFinite((await activations.strongestFilters(model, images, options)).counts, 'strongestFilters');
      const bank = await activations.kernels(model);
      const similar = await activations.similarFilters(model, images, { ...options, layer: 'first-conv' });
      expect(similar.kernelLayer).toBe(bank.layer);
      expect(similar.pairs).not.toHaveLength(0);
      for (const { filters, correlation } of similar.pairs) {
        const [a, b] = filters.map((filter) => bank.values.filter((_, i) => i % bank.filters === filter));
        expect(correlation).toBeCloseTo(pearson(a, b), 5);
      }
    }));

  it('works with comparisons of groups of images', () =>
    withModel(async (model) => {
      const layers = ['last-conv'];
      const [groups] = await activations.groupActivations(model, images, { ...options, layers });
      const nearest = await activations.nearestClassMean(model, images, { ...options, means: [groups] });
      expect(nearest.length).toBe(1);
      const [maps] = await activations.layerOutputs(model, images, { ...options, layers });
      expectFinite(maps.values, 'layerOutputs');
      // Feature maps are averaged in float32, and some of these models hardly distinguish the images.
      const { betweenFraction } = activations.classSeparability(groups);
      expect(betweenFraction).toBeCloseTo(betweenClassFraction(channelMeans(maps), labels), 3);
    }));
});
