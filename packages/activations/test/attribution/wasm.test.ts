import type * as tf from '@tensorflow/tfjs';
import { IDENTITY } from '@convlens/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attributions, gradCam } from '../../src/index.js';
import { useBackend } from '../backends.js';
import { golden, goldenImage, goldenModel, relativeError } from '../golden-model.js';

let model: tf.LayersModel;

beforeAll(async () => {
  await useBackend('wasm');
  model = goldenModel({ inside: true });
});
afterAll(() => void model.dispose());

const [{ class: target, ...expected }] = golden.cases;
const options = { preprocessing: IDENTITY, target } as const;

it.each([
  ['saliency', expected.gradient],
  ['guided-backprop', expected.guided_backprop],
  ['deconvnet', expected.deconvnet],
] as const)('the wasm backend, which has no training kernels, computes %s', async (method, { data }) => {
  const [{ values }] = await attributions(model, goldenImage(0), { ...options, method });
  expect(relativeError(values, data)).toBeLessThan(1e-3);
});

it('the wasm backend, which has no training kernels, computes Grad-CAM', async () => {
  const [{ values }] = await gradCam(model, goldenImage(0), options);
  expect(relativeError(values, expected.cam.res_relu.gradcam_16x16.data)).toBeLessThan(1e-3);
});
