import type * as tf from '@tensorflow/tfjs';
import { IDENTITY, type Heatmap } from '@convlens/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  gradCam,
  gradCamPlusPlus,
  layerCam,
  layerGradients,
  occlusion,
  type AttributionsOptions,
} from '../../src/index.js';
import { describeWith } from '../../../../test/support/requirements.js';
import { goldenBackends, useBackend } from '../backends.js';
import { converterModel } from '../converter-model.js';
import { golden, goldenImage, goldenModel, relativeError, type GoldenTensor } from '../golden-model.js';

const makers: [string, () => tf.LayersModel | Promise<tf.LayersModel>, string][] = [
  ['with rectifiers as layers', () => goldenModel(), 'res_relu'],
  ['with rectifiers as activation functions', () => goldenModel({ inside: true }), 'res_conv'],
  ['in the format of tensorflowjs_converter', converterModel, 'res_relu'],
];

const expectSame = (actual: ArrayLike<number>, { data }: GoldenTensor, tolerance = 1e-4) =>
  expect(relativeError(actual, data)).toBeLessThan(tolerance);

const length = 16 * 16 * 3;
const noiseValues = Array.from({ length: golden.noise.shape[0] }, (_, i) =>
  golden.noise.data.slice(i * length, (i + 1) * length),
);

for (const [backend, requirement] of goldenBackends)
  describeWith(requirement)(`on the backend ${backend}, against Keras`, () => {
    beforeAll(() => useBackend(backend));

    describe.each(makers)('a residual network %s', (_, make, last) => {
      let model: tf.LayersModel;
      beforeAll(async () => void (model = await make()));
      afterAll(() => void model.dispose());

      // One class of each image; golden.test.ts tests the others too.
      it.each([golden.cases[0], golden.cases[3]])(
        'explains class $class of image $image by every method',
        async (expected) => {
          const image = goldenImage(expected.image);
          const options = { preprocessing: IDENTITY, target: expected.class } as const;
          const raw = async (more: AttributionsOptions) =>
            (await attributions(model, image, { ...options, ...more }))[0].values;
          expectSame(await raw({}), expected.gradient);
          expectSame(await raw({ method: 'gradient-times-input' }), expected.gradient_x_input);
          expectSame(await raw({ method: 'guided-backprop' }), expected.guided_backprop);
          expectSame(await raw({ method: 'deconvnet' }), expected.deconvnet);
          expectSame(await raw({ method: 'integrated-gradients', steps: 32 }), expected.integrated_gradients);
          expectSame(await raw({ method: 'smooth-grad', noiseValues }), expected.smoothgrad);
          const occluded = { size: 4, stride: 4, baseline: 0, resize: false, score: 'probability' } as const;
          expectSame(
            (await occlusion(model, image, { ...options, ...occluded }))[0].values,
            expected.occlusion,
          );
          const maps = expected.cam.res_relu;
          const map = async (method: (m: tf.LayersModel, i: typeof image, o: object) => Promise<Heatmap[]>) =>
            (await method(model, image, { ...options, layer: last, normalize: false, resize: false }))[0]
              .values;
          expectSame(await map(gradCam), maps.gradcam);
          expectSame(await map(gradCamPlusPlus), maps.gradcampp, 1e-3);
          expectSame(await map(layerCam), maps.layercam);
          const inner = await layerGradients(model, image, { ...options, layer: last });
          expect([inner.height, inner.width, inner.channels]).toEqual(maps.activation_gradient.shape);
          expectSame(inner.values, maps.activation_gradient);
        },
      );
    });
  });
