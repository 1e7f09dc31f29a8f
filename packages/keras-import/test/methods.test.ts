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
  it('can be looked into by every method', async () => {
    const { model } = await importKeras(files[`${name}.keras`]);
    const images = imagesOf(reference);
    const options = { preprocessing: IDENTITY, steps: 2, samples: 2, target: 0 };
    for (const method of METHODS) {
      const [found] = await activations.attributions(model, images, { ...options, method });
      expect(found.values.every(Number.isFinite), method).toBe(true);
    }
    for (const method of [activations.gradCam, activations.gradCamPlusPlus, activations.layerCam]) {
      const [map] = await method(model, images, { preprocessing: IDENTITY, target: 0 } as never);
      expect([...map.values].every(Number.isFinite)).toBe(true);
    }
    const layers = activations.layerNames(model);
    const statistics = await activations.layerStatistics(model, images, { preprocessing: IDENTITY, layers });
    expect(statistics.map(({ layer }) => layer)).toEqual(layers);
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
