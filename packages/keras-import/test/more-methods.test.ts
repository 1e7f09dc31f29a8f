import * as activations from '@convlens/activations';
import { IDENTITY } from '@convlens/core';
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

describe.each(single)('the imported %s', (name, { inputs, outputs }) => {
  it('is judged, compared and made images for by the other methods', async () => {
    const { model } = await importKeras(files[`${name}.keras`]);
    const [count, height, width, channels] = inputs[0];
    const classes = outputs[0].shape[1];
    const images = {
      name: 'hashed',
      pixels: inputValues(inputs[0], 0),
      labels: Int32Array.from({ length: count }, (_, i) => i % classes),
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
    expect((await activations.evaluateModel(model, images, read)).count).toBe(count);
    finite((await activations.strongestFilters(model, images, read)).counts, 'strongestFilters');
    expect(
      (await activations.similarFilters(model, images, { ...read, layer: 'first-conv' })).layer,
    ).toBeDefined();
    const layers = ['last-conv'];
    const [groups] = await activations.groupActivations(model, images, { ...read, layers });
    expect((await activations.nearestMeans(model, images, { ...read, means: [groups] })).length).toBe(1);
    expect(activations.classSeparability(groups)).toBeDefined();
    expect(await activations.mistakes(model, images, read)).toBeDefined();
    finite((await activations.layerOutputs(model, images, { ...read, layers }))[0].values, 'layerOutputs');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
