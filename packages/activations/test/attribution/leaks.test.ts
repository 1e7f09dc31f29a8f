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
} from '../../src/index.js';
import { tinyImages, tinyModel } from '../tiny-model.js';

// One image, so that a hundred calls of each method take little time; two where a call ends between them.
const one = { ...tinyImages, count: 1, pixels: tinyImages.pixels.slice(0, 49), labels: Int32Array.of(0) };

beforeAll(() => tf.setBackend('cpu'));

const heatmapsOf = ({ count }: Images) =>
  Array.from({ length: count }, (_, index) => ({
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
  insertionCurves: (m, i, o) => insertionCurves(m, i, { ...o, heatmaps: heatmapsOf(i), steps: 1 }),
  deletionCurves: (m, i, o) => deletionCurves(m, i, { ...o, heatmaps: heatmapsOf(i), steps: 1 }),
  sanityCheck: (m, i, o) => sanityCheck(m, i, { ...o, method: saliency, layers: ['conv'] }),
  diagnoseInput: (m, i, { target, ...o }) => diagnoseInput(m, target === 9 ? { ...i, count: 9 } : i, o),
};

it.each(Object.entries(methods))(
  '%s leaves no tensor and no weight changed in 100 calls, some aborted, some refused with the classes there are',
  async (name, method) => {
    const model = tinyModel();
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const before = tf.memory().numTensors;
    const endings = { done: 0, aborted: 0, refused: 0 };
    const refusals = new Set<string>();
    for (let call = 0; call < 100; call++) {
      const controller = new AbortController();
      const options: ExplainOptions = {
        batchSize: 1,
        target: call % 10 === 1 ? 9 : 0,
        signal: controller.signal,
      };
      const isAborted = call % 10 === 2;
      if (isAborted) setTimeout(() => controller.abort(new Error('enough')));
      await method(model, isAborted ? tinyImages : one, options).then(
        () => endings.done++,
        ({ message }: Error) => {
          endings[message === 'enough' ? 'aborted' : 'refused']++;
          if (message !== 'enough') refusals.add(message);
        },
      );
    }
    expect(endings).toEqual({ done: 80, aborted: 10, refused: 10 });
    expect([...refusals]).toEqual([
      name === 'diagnoseInput'
        ? expect.stringMatching(/^Expected images.pixels to hold 441 values/)
        : 'Expected target to be an integer from 0 to 1 (yes, no), got 9',
    ]);
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    model.dispose();
  },
);
