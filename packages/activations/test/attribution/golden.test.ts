import * as tf from '@tensorflow/tfjs';
import { IDENTITY, type Heatmap } from '@convlens/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  gradCam,
  gradCamPlusPlus,
  layerCam,
  layerNames,
  occlusion,
  type AttributionsOptions,
} from '../../src/index.js';
import { readGraph } from '../../src/model/model-graph.js';
import { runGraph } from '../../src/model/run-graph.js';
import {
  golden,
  goldenImage,
  goldenImages,
  goldenModel,
  relativeError,
  type GoldenTensor,
} from '../golden-model.js';

const options = { preprocessing: IDENTITY } as const;

/** Expects the values of Keras. */
const expectSame = (actual: ArrayLike<number>, { data }: GoldenTensor, tolerance = 1e-4) =>
  expect(relativeError(actual, data)).toBeLessThan(tolerance);

beforeAll(() => tf.setBackend('cpu'));

describe.each([
  ['rectifiers and softmax as layers', false],
  ['rectifiers and softmax as activation functions of layers', true],
])('a residual network with %s, against Keras', (_, inside) => {
  let model: tf.LayersModel;
  beforeAll(() => void (model = goldenModel({ inside })));
  afterAll(() => model.dispose());

  it('has the layer outputs', () => {
    const graph = readGraph(model);
    const names = layerNames(model);
    expect(names.length).toBe(inside ? 11 : 15);
    tf.tidy(() => {
      const x = tf.tensor4d(goldenImages.pixels as Float32Array, [2, 16, 16, 3]);
      const outputs = runGraph(graph, [x], [...names.map((name) => graph.names.get(name)!)]);
      names.forEach((name, i) => {
        const after = { conv1: 'relu1', res_conv: 'res_relu', fc1: 'relu_fc1', logits: 'softmax' }[name];
        const expected = golden.layer_outputs.find(({ layer }) => layer === ((inside && after) || name))!;
        expectSame(outputs[i].dataSync(), expected, 1e-5);
      });
    });
  });

  describe.each(golden.cases)('class $class of image $image', (expected) => {
    const images = goldenImage(expected.image);
    const target = expected.class;
    const raw = async (more: AttributionsOptions) => {
      const [attribution] = await attributions(model, images, { ...options, target, ...more });
      return attribution.values;
    };

    it('has the gradient', async () => expectSame(await raw({}), expected.gradient));
    it('has the gradient times the input', async () =>
      expectSame(await raw({ method: 'gradient-times-input' }), expected.gradient_x_input));
    it('has the guided backpropagation', async () =>
      expectSame(await raw({ method: 'guided-backprop' }), expected.guided_backprop));
    it('has the deconvolution', async () =>
      expectSame(await raw({ method: 'deconvnet' }), expected.deconvnet));
    it('has the integrated gradients', async () =>
      expectSame(await raw({ method: 'integrated-gradients', steps: 32 }), expected.integrated_gradients));
    it('has the SmoothGrad of the stored noise', async () => {
      const [samples, ...size] = golden.noise.shape;
      const length = size.reduce((a, b) => a * b);
      const noiseValues = Array.from({ length: samples }, (_, i) =>
        golden.noise.data.slice(i * length, (i + 1) * length),
      );
      expectSame(await raw({ method: 'smooth-grad', noiseValues }), expected.smoothgrad);
    });
    it('has the occlusion map', async () => {
      const settings = {
        target,
        size: 4,
        stride: 4,
        baseline: 0,
        resize: false,
        score: 'probability',
      } as const;
      const [{ height, width, values }] = await occlusion(model, images, { ...options, ...settings });
      expect([height, width]).toEqual(expected.occlusion.shape);
      expectSame(values, expected.occlusion);
    });

    it.each(Object.keys(expected.cam))('has the class activation maps of layer %s', async (name) => {
      const maps = expected.cam[name];
      const layer = inside && name === 'res_relu' ? 'res_conv' : name;
      const map = async (
        method: (m: tf.LayersModel, i: typeof images, o: object) => Promise<Heatmap[]>,
        more: object,
      ) => {
        const [{ values }] = await method(model, images, { ...options, target, layer, ...more });
        return values;
      };
      const [raw, small] = [{ normalize: false, resize: false }, { resize: false }];
      expectSame(await map(gradCam, raw), maps.gradcam);
      expectSame(await map(gradCam, small), maps.gradcam_normalized);
      expectSame(await map(gradCam, {}), maps.gradcam_16x16);
      expectSame(await map(gradCamPlusPlus, raw), maps.gradcampp, 1e-3);
      expectSame(await map(gradCamPlusPlus, small), maps.gradcampp_normalized, 1e-3);
      const sumToOne = { alpha: 'sum-to-one' };
      expectSame(await map(gradCamPlusPlus, { ...raw, ...sumToOne }), maps.gradcampp_alpha_sum1, 1e-3);
      expectSame(
        await map(gradCamPlusPlus, { ...small, ...sumToOne }),
        maps.gradcampp_alpha_sum1_normalized,
        1e-3,
      );
      expectSame(await map(layerCam, raw), maps.layercam);
      expectSame(await map(layerCam, small), maps.layercam_normalized);
    });
  });

  it('uses the last rectified convolution by default', async () => {
    const image = goldenImage(0);
    const [{ layer, values }] = await gradCam(model, image, { ...options, target: 1, resize: false });
    expect(layer).toBe(inside ? 'res_conv' : 'res_relu');
    expectSame(values, golden.cases[0].cam.res_relu.gradcam_normalized);
  });
});
