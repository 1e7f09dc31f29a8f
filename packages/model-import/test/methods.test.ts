import * as activations from '@convlens/activations';
import { IDENTITY, type Images } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../src/index.js';
import { files, inputValues, references, type Reference } from './reference.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

function imagesOf({ inputs }: Reference): Images {
  const [count, height, width, channels] = inputs[0];
  const pixels = inputValues(inputs[0], 0);
  const classNames = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return { name: 'hashed', pixels, count, height, width, channels, classNames };
}

const METHODS = [
  'saliency',
  'gradient-times-input',
  'guided-backprop',
  'deconvnet',
  'integrated-gradients',
  'smooth-grad',
] as const;

const single = Object.entries(references).filter(
  ([, { inputs, outputs }]) => inputs.length === 1 && inputs[0].length === 4 && outputs.length === 1,
);

describe.each(single)('the imported %s', (name, reference) => {
  it.each(['keras', 'h5'])('can be looked into by every method, opened from .%s', async (kind) => {
    const { model } = await importKeras(files[`${name}.${kind}`]);
    const images = imagesOf(reference);
    const options = { preprocessing: IDENTITY, steps: 2, samples: 2, target: 0 };
    const before = tf.memory().numTensors;
    const finite = (values: ArrayLike<number>, what: string) =>
      expect(Array.from(values).every(Number.isFinite), what).toBe(true);
    for (const method of METHODS) {
      const [found] = await activations.attributions(model, images, { ...options, method });
      finite(found.values, method);
    }
    const { gradCam, gradCamPlusPlus, layerCam, scoreCam, guidedGradCam, occlusion } = activations;
    const half = Math.max(1, images.height >> 1);
    for (const method of [gradCam, gradCamPlusPlus, layerCam, scoreCam, guidedGradCam]) {
      const [map] = await method(model, images, { preprocessing: IDENTITY, target: 0 } as never);
      finite(map.values, method.name);
    }
    const size = { size: half, stride: half };
    const [occluded] = await occlusion(model, images, { preprocessing: IDENTITY, target: 0, ...size });
    finite(occluded.values, 'occlusion');

    const layers = activations.layerNames(model);
    const statistics = await activations.layerStatistics(model, images, { preprocessing: IDENTITY, layers });
    expect(statistics.map(({ layer }) => layer)).toEqual(layers);
    const [outputs] = reference.outputs;
    const said = await activations.predictions(model, images, { preprocessing: IDENTITY });
    expect([said.length, said[0].probabilities.length]).toEqual([images.count, outputs.shape.at(-1)]);
    const maps = await activations.featureMaps(model, images, { preprocessing: IDENTITY });
    finite(maps.values, 'featureMaps');
    const bank = await activations.kernels(model);
    finite(bank.values, 'kernels');
    const labelled = { ...images, labels: Int32Array.from({ length: images.count }, (_, i) => i) };
    const top = await activations.topActivations(model, labelled, { preprocessing: IDENTITY, count: 1 });
    expect(top.filters.length).toBe(maps.channels);
    const perClass = await activations.classActivations(model, labelled, { preprocessing: IDENTITY });
    expect(perClass.layer).toBe(maps.layer);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe.each(single.filter(([, { gradCam }]) => gradCam))('Grad-CAM of %s', (name, reference) => {
  it.each(['keras', 'h5'])('is what Keras computes, opened from .%s', async (kind) => {
    const { model } = await importKeras(files[`${name}.${kind}`]);
    const { layer, classIndex, values } = reference.gradCam!;
    const maps = await activations.gradCam(model, imagesOf(reference), {
      preprocessing: IDENTITY,
      layer,
      target: classIndex,
      normalize: false,
      resize: false,
    } as never);
    const found = maps.flatMap((map) => [...map.values]);
    const scale = Math.max(...values);
    expect(found.length).toBe(values.length);
    expect(Math.max(...found.map((value, i) => Math.abs(value - values[i])))).toBeLessThan(
      1e-5 * Math.max(1, scale),
    );
    model.dispose();
  });
});

const several = Object.entries(references).filter(
  ([, { inputs }]) => inputs.length > 1 && inputs.some((shape) => shape.length === 4),
);

describe.each(several)('the imported %s, which has several inputs', (name, reference) => {
  it.each(['keras', 'h5'])(
    'is looked into with values for all but the image, opened from .%s',
    async (kind) => {
      const { model } = await importKeras(files[`${name}.${kind}`]);
      const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name);
      const image = reference.inputs.findIndex((shape) => shape.length === 4);
      const others = names.flatMap((input, k) => {
        const shape = reference.inputs[k];
        return k === image ? [] : [[input, { values: inputValues(shape, k), shape }] as const];
      });
      const [count, height, width, channels] = reference.inputs[image];
      const [{ shape, values }] = reference.outputs;
      const classNames = Array.from({ length: shape.at(-1)! }, (_, i) => `class ${i}`);
      const pixels = inputValues(reference.inputs[image], image);
      const images = { name: 'hashed', pixels, count, height, width, channels, classNames };
      const options = { preprocessing: IDENTITY, inputs: Object.fromEntries(others) };
      const layers = activations.layerNames(model);
      const statistics = await activations.layerStatistics(model, images, { ...options, layers });
      expect(statistics.map(({ layer }) => layer)).toEqual(layers);
      const maps = await activations.featureMaps(model, images, options);
      expect([...maps.values].every(Number.isFinite)).toBe(true);
      // What explains a class needs a model that puts out classes alone.
      if (reference.outputs.length === 1) {
        const said = await activations.predictions(model, images, options);
        expect(Math.abs(said[0].probabilities[0] - values[0])).toBeLessThan(1e-5);
        for (const method of [activations.saliency, activations.gradCam, activations.occlusion]) {
          const [map] = await method(model, images, { ...options, target: 0 } as never);
          expect([...map.values].every(Number.isFinite), method.name).toBe(true);
        }
      }
      model.dispose();
    },
  );
});
