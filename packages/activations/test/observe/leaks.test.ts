import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  channelMaximum,
  classActivations,
  evaluateModel,
  featureMaps,
  groupActivations,
  kernels,
  layerStatistics,
  mistakes,
  nearestClassMean,
  observe,
  predictions,
  similarFilters,
  strongestFilters,
  topActivations,
  type Observer,
  type InferenceOptions,
} from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';
import { tinyImages as images, tinyModel } from '../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const layers = ['conv', 'scores'];

type ModelFunction = (model: tf.LayersModel, options: InferenceOptions) => Promise<unknown>;

const functions: Record<string, ModelFunction> = {
  featureMaps: (model, options) => featureMaps(model, images, options),
  channelMaximum: (model, options) => channelMaximum(model, images, options),
  kernels: (model) => kernels(model),
  layerStatistics: (model, options) => layerStatistics(model, images, { layers, ...options }),
  topActivations: (model, options) => topActivations(model, images, options),
  classActivations: (model, options) => classActivations(model, images, options),
  strongestFilters: (model, options) => strongestFilters(model, images, options),
  similarFilters: (model, options) => similarFilters(model, images, options),
  groupActivations: (model, options) =>
    groupActivations(model, images, { layers, groups: 'outcome', ...options }),
  nearestClassMean: async (model, options) => {
    const means = await groupActivations(model, images, { layers, ...options });
    return nearestClassMean(model, images, { means, ...options });
  },
  predictions: (model, options) => predictions(model, images, options),
  evaluateModel: (model, options) => evaluateModel(model, images, options),
  mistakes: (model, options) => mistakes(model, images, options),
};

describe.each(Object.entries(functions))('%s', (name, call) => {
  it('keeps no tensor in 100 calls, some of them aborted', async () => {
    const model = tinyModel();
    await call(model, {});
    const before = tf.memory().numTensors;
    for (let i = 0; i < 100; i++) {
      const controller = new AbortController();
      const isAborted = i % 10 === 0 && name !== 'kernels';
      const options = { batchSize: 1, signal: controller.signal };
      const onProgress = () => isAborted && controller.abort(new Error('enough'));
      const result = call(model, { ...options, onProgress: onProgress as () => void });
      await (isAborted ? expect(result).rejects.toThrow('enough') : result);
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

it('100 failed calls keep no tensor, wherever they fail', async () => {
  const model = tinyModel();
  const fails = (): never => {
    throw new Error('failed');
  };
  const late: Observer<void> = { layers: ['conv'], begin: () => ({ add: fails, finish: () => {} }) };
  const early: Observer<void> = { layers: ['conv'], begin: fails };
  const before = tf.memory().numTensors;
  for (let call = 0; call < 50; call++)
    for (const observer of [early, late])
      await expect(observe(model, images, { observers: [observer] })).rejects.toThrow('failed');
  for (let call = 0; call < 100; call++)
    await expect(topActivations(model, images, { layer: 'none' })).rejects.toThrow(/Expected layer/);
  expect(tf.memory().numTensors).toBe(before);
});

it('a NaN weight is reported before anything is computed', async () => {
  const model = sequentialModel();
  const [kernel, bias] = model.getLayer('conv2').getWeights();
  const withNaN = tf.tidy(() => tf.where(tf.greater(kernel, 0.5), tf.fill(kernel.shape, NaN), kernel));
  model.getLayer('conv2').setWeights([withNaN, bias]);
  const before = tf.memory().numTensors;
  for (const method of [topActivations, predictions, mistakes])
    await expect(method(model, randomImages(2))).rejects.toThrow(
      /Expected finite weights, got NaN in conv2\/kernel/,
    );
  expect(tf.memory().numTensors).toBe(before);
});
