import * as tf from '@tensorflow/tfjs';
import { type Images } from '@convlens/core';
import { beforeAll, expect, it } from 'vitest';
import {
  ATTRIBUTION_METHODS,
  attributions,
  deletionCurves,
  diagnoseInput,
  insertionCurves,
  layerGradients,
  saliency,
  sanityCheck,
  type AttributionOptions,
} from '../../src/index.js';
import { tinyImages, tinyModel } from '../tiny-model.js';

// One image, so that a hundred calls of each method take little time; two images for a call that is aborted
// between them.
const oneImage = {
  ...tinyImages,
  count: 1,
  pixels: tinyImages.pixels.slice(0, 49),
  labels: Int32Array.of(0),
};

const heatmapsOf = ({ count }: Images) =>
  Array.from({ length: count }, (_, index) => ({
    method: 'custom',
    classIndex: 0,
    index,
    height: 7,
    width: 7,
    values: new Float32Array(49),
    signed: false,
  }));

type Method = (model: tf.LayersModel, images: Images, options: AttributionOptions) => Promise<unknown>;

/** Options with which a method takes little time. */
const QUICK: Record<string, object> = {
  'integrated-gradients': { steps: 2 },
  'smooth-grad': { samples: 2, kind: 'variance' },
  occlusion: { size: 7 },
};

const methods: Record<string, Method> = {
  ...Object.fromEntries(
    ATTRIBUTION_METHODS.map(({ id, explain }): [string, Method] => [
      id,
      (m, i, o) => explain(m, i, { ...o, ...QUICK[id] }),
    ]),
  ),
  attributions,
  layerGradients,
  insertionCurves: (m, i, o) => insertionCurves(m, i, { ...o, heatmaps: heatmapsOf(i), steps: 1 }),
  deletionCurves: (m, i, o) => deletionCurves(m, i, { ...o, heatmaps: heatmapsOf(i), steps: 1 }),
  sanityCheck: (m, i, o) => sanityCheck(m, i, { ...o, method: saliency, layers: ['conv'] }),
  diagnoseInput: (m, i, { target, ...o }) => diagnoseInput(m, target === 9 ? { ...i, count: 9 } : i, o),
};

/** Tests a number of calls of each method, a multiple of 10. */
export function testCalls(calls: number): void {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.entries(methods))(
    `%s leaks no tensor and changes no weight in ${calls} calls, some of them aborted or refused`,
    async (name, method) => {
      const model = tinyModel();
      const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
      const before = tf.memory().numTensors;
      const endings = { done: 0, aborted: 0, refused: 0 };
      const refusals = new Set<string>();
      for (let call = 0; call < calls; call++) {
        const controller = new AbortController();
        const options: AttributionOptions = {
          batchSize: 1,
          target: call % 10 === 1 ? 9 : 0,
          signal: controller.signal,
        };
        const isAborted = call % 10 === 2;
        if (isAborted) setTimeout(() => controller.abort(new Error('enough')));
        await method(model, isAborted ? tinyImages : oneImage, options).then(
          () => endings.done++,
          ({ message }: Error) => {
            endings[message === 'enough' ? 'aborted' : 'refused']++;
            if (message !== 'enough') refusals.add(message);
          },
        );
      }
      expect(endings).toEqual({ done: 0.8 * calls, aborted: 0.1 * calls, refused: 0.1 * calls });
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
}
