import * as activations from '@convlens/activations';
import { IDENTITY, type FeatureMaps } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../src/index.js';
import { files, inputValues, references } from './reference.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

const single = Object.entries(references).filter(
  ([, { inputs, outputs }]) => inputs.length === 1 && inputs[0].length === 4 && outputs.length === 1,
);

const meanOf = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const scatter = (values: ArrayLike<number>, around = meanOf(values)) =>
  Array.from(values).reduce((sum, value) => sum + (value - around) ** 2, 0);

/** Pearson's correlation. */
function pearson(one: Float32Array, other: Float32Array): number {
  const [a, b] = [meanOf(one), meanOf(other)];
  const product = one.reduce((sum, value, i) => sum + (value - a) * (other[i] - b), 0);
  return product / Math.sqrt(scatter(one, a) * scatter(other, b));
}

/** The mean of each map, channels x images. */
const channelMeans = ({ values, count, channels, height, width }: FeatureMaps) =>
  Array.from({ length: channels }, (_, channel) =>
    Array.from({ length: count }, (_, image) => {
      const own = values.subarray(image * height * width * channels, (image + 1) * height * width * channels);
      return meanOf(own.filter((_, i) => i % channels === channel));
    }),
  );

/** The scatter that lies between the classes, as a share of all. */
function shareBetween(answers: readonly (readonly number[])[], labels: Int32Array): number {
  const within = answers.map((of) =>
    [...new Set(labels)].map((label) => scatter(of.filter((_, i) => labels[i] === label))),
  );
  const [inside, all] = [within.flat(), answers.map((of) => scatter(of))].map((parts) =>
    parts.reduce((a, b) => a + b, 0),
  );
  return 1 - inside / all;
}

describe.each(single)('the imported %s', (name, { inputs, outputs }) => {
  it('is judged, compared and made images for by the other methods', async () => {
    const { model } = await importKeras(files[`${name}.keras`]);
    // More than the reference has, so that a class has several.
    const count = 6;
    const [, height, width, channels] = inputs[0];
    const shape = [count, height, width, channels];
    const classes = outputs[0].shape[1];
    const images = {
      name: 'hashed',
      pixels: inputValues(shape, 0),
      labels: Int32Array.from({ length: count }, (_, i) => i % 2),
      classNames: Array.from({ length: classes }, (_, i) => `class ${i}`),
      ...{ count, height, width, channels },
    };
    const read = { preprocessing: IDENTITY };
    const finite = (values: ArrayLike<number>, what: string) =>
      expect(Array.from(values).every(Number.isFinite), what).toBe(true);
    const before = tf.memory().numTensors;

    const heatmaps = await activations.gradCam(model, images, { ...read, target: 0 });
    const checked = await activations.sanityCheck(model, images, { ...read, method: activations.gradCam });
    expect(checked.method).toBe('grad-cam');
    for (const curves of [activations.insertionCurves, activations.deletionCurves])
      for (const { scores } of await curves(model, images, { ...read, heatmaps, steps: 2 }))
        finite(scores, curves.name);
    const objective = { kind: 'class', class: 0 } as const;
    const [made] = await activations.optimizeImages(model, [objective], { ...read, steps: 2 });
    finite(made.pixels, 'optimizeImages');
    finite(
      (await activations.layerGradients(model, images, { ...read, target: 0 })).values,
      'layerGradients',
    );
    const { labels } = images;
    const taken = tf.tidy(() =>
      (model.predict(tf.tensor(images.pixels, shape)) as tf.Tensor).argMax(-1).dataSync(),
    );
    const wrong = labels.filter((label, i) => taken[i] !== label).length;
    const evaluation = await activations.evaluateModel(model, images, read);
    expect(evaluation.count).toBe(count);
    expect(evaluation.accuracy).toBeCloseTo(1 - wrong / count, 6);
    expect((await activations.mistakes(model, images, read)).wrong).toBe(wrong);
    finite((await activations.strongestFilters(model, images, read)).counts, 'strongestFilters');
    const bank = await activations.kernels(model);
    const similar = await activations.similarFilters(model, images, { ...read, layer: 'first-conv' });
    expect(similar.kernels).toBe(bank.layer);
    expect(similar.pairs).not.toHaveLength(0);
    for (const { filters, correlation } of similar.pairs) {
      const [one, other] = filters.map((filter) => bank.values.filter((_, i) => i % bank.filters === filter));
      expect(correlation).toBeCloseTo(pearson(one, other), 5);
    }
    const layers = ['last-conv'];
    const [groups] = await activations.groupActivations(model, images, { ...read, layers });
    expect((await activations.nearestMeans(model, images, { ...read, means: [groups] })).length).toBe(1);
    const [maps] = await activations.layerOutputs(model, images, { ...read, layers });
    // Maps are averaged in 32 bits, and by some of these networks the images hardly differ.
    const { betweenShare } = activations.classSeparability(groups);
    expect(betweenShare).toBeCloseTo(shareBetween(channelMeans(maps), labels), 3);
    finite(maps.values, 'layerOutputs');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
