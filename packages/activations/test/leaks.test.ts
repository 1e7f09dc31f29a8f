import * as tf from '@tensorflow/tfjs';
import { type Images } from '@convlens/core';
import { beforeAll, expect, it } from 'vitest';
import {
  attributions,
  deconvnet,
  deletionCurves,
  diagnoseInput,
  gradCam,
  gradCamPlusPlus,
  gradientTimesInput,
  guidedBackprop,
  guidedGradCam,
  insertionCurves,
  integratedGradients,
  layerCam,
  layerGradients,
  occlusion,
  saliency,
  sanityCheck,
  scoreCam,
  smoothGrad,
  type ExplainOptions,
} from '../src/index.js';
import { tinyImages, tinyModel } from './tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const heatmaps = [0, 1].map((index) => ({
  method: 'given',
  classIndex: 0,
  index,
  height: 7,
  width: 7,
  values: new Float32Array(49),
  signed: false,
}));

type Method = (model: tf.LayersModel, images: Images, options: ExplainOptions) => Promise<unknown>;
const methods: Record<string, Method> = {
  attributions,
  saliency,
  gradientTimesInput,
  guidedBackprop,
  deconvnet,
  integratedGradients: (m, i, o) => integratedGradients(m, i, { ...o, steps: 2 }),
  smoothGrad: (m, i, o) => smoothGrad(m, i, { ...o, samples: 2, kind: 'variance' }),
  occlusion: (m, i, o) => occlusion(m, i, { ...o, size: 7 }),
  gradCam,
  gradCamPlusPlus,
  layerCam,
  scoreCam,
  guidedGradCam,
  layerGradients,
  insertionCurves: (m, i, o) => insertionCurves(m, i, { ...o, heatmaps, steps: 1 }),
  deletionCurves: (m, i, o) => deletionCurves(m, i, { ...o, heatmaps, steps: 1 }),
  sanityCheck: (m, i, o) => sanityCheck(m, i, { ...o, method: saliency, layers: ['conv'] }),
  diagnoseInput: (m, i, { target, ...o }) =>
    target === 9 ? diagnoseInput(m, { ...i, count: 9 }, o) : diagnoseInput(m, i, o),
};

it.each(Object.entries(methods))(
  '%s leaves no tensor behind and no weight changed in 100 calls, aborted and failing ones among them',
  async (_, method) => {
    const model = tinyModel();
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const before = tf.memory().numTensors;
    const endings = { done: 0, aborted: 0, refused: 0 };
    for (let call = 0; call < 100; call++) {
      const controller = new AbortController();
      const options: ExplainOptions = {
        batchSize: 1,
        target: call % 10 === 1 ? 9 : 0,
        signal: controller.signal,
      };
      if (call % 10 === 2) setTimeout(() => controller.abort(new Error('enough')));
      await method(model, tinyImages, options).then(
        () => endings.done++,
        (error: Error) => endings[error.message === 'enough' ? 'aborted' : 'refused']++,
      );
    }
    expect(endings).toEqual({ done: 80, aborted: 10, refused: 10 });
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    model.dispose();
  },
);
