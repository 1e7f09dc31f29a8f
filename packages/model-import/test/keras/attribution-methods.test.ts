import * as activations from '@convlens/activations';
import { defaultClassNames, IDENTITY, type Images } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { files, inputValues, references, type Reference } from '../reference.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

const { ATTRIBUTION_METHODS } = activations;

const expectFinite = (values: ArrayLike<number>, title: string) =>
  expect(Array.from(values).every(Number.isFinite), title).toBe(true);

function imagesOf({ inputs }: Reference): Images {
  const [count, height, width, channels] = inputs[0];
  const pixels = inputValues(inputs[0], 0);
  return { name: 'hashed', pixels, count, height, width, channels, classNames: defaultClassNames(10) };
}

/** Options that make a method fast. */
const fastOptions = (id: string, { height }: Images): object => {
  const half = Math.max(1, height >> 1);
  if (id === 'integrated-gradients') return { steps: 2 };
  if (id === 'smooth-grad') return { samples: 2 };
  return id === 'occlusion' ? { size: half, stride: half } : {};
};

/** Models with one image as input and one output. */
const classifiers = Object.entries(references).filter(
  ([, { inputs, outputs }]) => inputs.length === 1 && inputs[0].length === 4 && outputs.length === 1,
);

describe.each(classifiers)('the imported %s', (name, reference) => {
  it.each(['keras', 'h5'])('works with every attribution method, from .%s', async (kind) => {
    const { model } = await importKeras(files[`${name}.${kind}`]);
    const images = imagesOf(reference);
    const before = tf.memory().numTensors;
    for (const { id, attribute, explain } of ATTRIBUTION_METHODS) {
      const options = { preprocessing: IDENTITY, target: 0, ...fastOptions(id, images) };
      const [map] = attribute
        ? await activations.attributions(model, images, { ...options, method: id })
        : await explain(model, images, options);
      expectFinite(map.values, id);
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each(['keras', 'h5'])('works with statistics, feature maps and predictions, from .%s', async (kind) => {
    const { model } = await importKeras(files[`${name}.${kind}`]);
    const images = imagesOf(reference);
    const labeled = { ...images, labels: Int32Array.from({ length: images.count }, (_, i) => i) };
    const options = { preprocessing: IDENTITY };
    const before = tf.memory().numTensors;
    const layers = activations.layerNames(model);
    const statistics = await activations.layerStatistics(model, images, { ...options, layers });
    expect(statistics.map(({ layer }) => layer)).toEqual(layers);
    const predictions = await activations.predictions(model, images, options);
    const classCount = reference.outputs[0].shape.at(-1);
    expect([predictions.length, predictions[0].probabilities.length]).toEqual([images.count, classCount]);
    const maps = await activations.featureMaps(model, images, options);
    expectFinite(maps.values, 'featureMaps');
    expectFinite((await activations.kernels(model)).values, 'kernels');
    const top = await activations.topActivations(model, labeled, { ...options, count: 1 });
    expect(top.filters.length).toBe(maps.channels);
    const perClass = await activations.classActivations(model, labeled, options);
    expect(perClass.layer).toBe(maps.layer);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe.each(classifiers.filter(([, { gradCam }]) => gradCam))('Grad-CAM of %s', (name, reference) => {
  it.each(['keras', 'h5'])('equals that of Keras, from .%s', async (kind) => {
    const { model } = await importKeras(files[`${name}.${kind}`]);
    const { layer, classIndex, values } = reference.gradCam!;
    const maps = await activations.gradCam(model, imagesOf(reference), {
      preprocessing: IDENTITY,
      layer,
      target: classIndex,
      normalize: false,
      resize: false,
    });
    const actual = maps.flatMap((map) => [...map.values]);
    const scale = Math.max(...values);
    expect(actual.length).toBe(values.length);
    expect(Math.max(...actual.map((value, i) => Math.abs(value - values[i])))).toBeLessThan(
      1e-5 * Math.max(1, scale),
    );
    model.dispose();
  });
});

const modelsWithOtherInputs = Object.entries(references).filter(
  ([, { inputs }]) => inputs.length > 1 && inputs.some((shape) => shape.length === 4),
);

describe.each(modelsWithOtherInputs)('the imported %s, which has several inputs', (name, reference) => {
  it.each(['keras', 'h5'])(
    'works with values for the inputs other than the image, from .%s',
    async (kind) => {
      const { model } = await importKeras(files[`${name}.${kind}`]);
      const imageInput = reference.inputs.findIndex((shape) => shape.length === 4);
      const otherInputs = model.inputs.flatMap(({ sourceLayer }, k) => {
        const shape = reference.inputs[k];
        return k === imageInput
          ? []
          : [[sourceLayer.name, { values: inputValues(shape, k), shape }] as const];
      });
      const [count, height, width, channels] = reference.inputs[imageInput];
      const [{ shape, values }] = reference.outputs;
      const classNames = defaultClassNames(shape.at(-1)!);
      const pixels = inputValues(reference.inputs[imageInput], imageInput);
      const images = { name: 'hashed', pixels, count, height, width, channels, classNames };
      const options = { preprocessing: IDENTITY, inputs: Object.fromEntries(otherInputs) };
      const layers = activations.layerNames(model);
      const statistics = await activations.layerStatistics(model, images, { ...options, layers });
      expect(statistics.map(({ layer }) => layer)).toEqual(layers);
      expectFinite((await activations.featureMaps(model, images, options)).values, 'featureMaps');
      // Predictions and attributions need a model with class scores as its only output.
      if (reference.outputs.length === 1) {
        const [{ probabilities }] = await activations.predictions(model, images, options);
        expect(Math.abs(probabilities[0] - values[0])).toBeLessThan(1e-5);
        for (const method of [activations.saliency, activations.gradCam, activations.occlusion]) {
          const [map] = await method(model, images, { ...options, target: 0 });
          expectFinite(map.values, method.name);
        }
      }
      model.dispose();
    },
  );
});
