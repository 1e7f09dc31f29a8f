import * as tf from '@tensorflow/tfjs';
import { extend, idsOf, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ATTRIBUTION_METHODS,
  attributions,
  deconvnet,
  gradCam,
  guidedBackprop,
  integratedGradients,
  occlusion,
  predictions,
  saliency,
  smoothGrad,
  type AttributionMethod,
  type AttributionOptions,
} from '../../src/index.js';
import { nestedModel, randomImages, sequentialModel, sharedModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);

/** Options with which a method takes little time. */
const QUICK: Record<string, object> = {
  'integrated-gradients': { steps: 2 },
  'smooth-grad': { samples: 2 },
  occlusion: { size: 4, stride: 4 },
};

describe('ATTRIBUTION_METHODS', () => {
  it('has unique ids and titles', () => {
    expect(new Set(idsOf(ATTRIBUTION_METHODS)).size).toBe(ATTRIBUTION_METHODS.length);
    expect(new Set(ATTRIBUTION_METHODS.map(({ title }) => title)).size).toBe(ATTRIBUTION_METHODS.length);
  });

  it('can be extended by methods that are found by their id', async () => {
    const first = ATTRIBUTION_METHODS[0];
    const methods = extend(ATTRIBUTION_METHODS, [{ ...first, id: 'mine', title: 'Mine' }]);
    const [{ method, methodTitle }] = await attributions(sequentialModel(), images, {
      method: 'mine',
      methods,
    });
    expect([method, methodTitle]).toEqual(['mine', 'Mine']);
    expect(idsOf(ATTRIBUTION_METHODS)).not.toContain('mine');
  });

  it('attributions refuses an option of another method', async () => {
    const byOther = attributions(sequentialModel(), images, { method: 'saliency', samples: 3 });
    await expect(byOther).rejects.toThrow('of attributions, got "samples"');
  });

  it('names the pixel methods to a caller of attributions who asks for another', async () => {
    await expect(attributions(sequentialModel(), images, { method: 'grad-cam' })).rejects.toThrow(
      'Expected method to be one of saliency, gradient-times-input, integrated-gradients, smooth-grad, ' +
        'guided-backprop, deconvnet, got "grad-cam"',
    );
  });
});

describe.each(ATTRIBUTION_METHODS)('$id', (entry: AttributionMethod) => {
  const explain = (model: tf.LayersModel, batch: Images, options: AttributionOptions = {}) =>
    entry.explain(model, batch, { ...QUICK[entry.id], ...options });

  it('names itself in the heatmaps', async () => {
    const [{ method, methodTitle }] = await explain(sequentialModel(), images);
    expect([method, methodTitle]).toEqual([entry.id, entry.title]);
  });

  it(`${entry.usesLayer ? 'takes' : 'refuses'} the option layer`, async () => {
    const options: AttributionOptions & { layer: string } = { target: 0, layer: 'relu' };
    const result = explain(sequentialModel(), images, options);
    if (entry.usesLayer) expect((await result)[0].layer).toBe('relu');
    else await expect(result).rejects.toThrow(/Expected the options .*, got "layer"/);
  });

  it('explains the predicted class of each image, at the size of the images', async () => {
    const model = sequentialModel();
    const predicted = await predictions(model, images);
    const heatmaps = await explain(model, images);
    expect(
      heatmaps.map(({ index, classIndex, height, width }) => [index, classIndex, height, width]),
    ).toEqual(predicted.map((prediction) => [prediction.index, prediction.predicted, 8, 8]));
    for (const { values, signed } of heatmaps) {
      expect(values.length).toBe(64);
      expect(values.some((value) => value !== 0)).toBe(true);
      if (!signed) expect(values.every((value) => value >= 0)).toBe(true);
    }
    expect(structuredClone(heatmaps)).toEqual(heatmaps);
  });

  it('explains a class by name or index, in batches of any size', async () => {
    const model = nestedModel();
    const whole = await explain(model, images, { target: 2 });
    expect(await explain(model, images, { target: 'frog', batchSize: 2 })).toEqual(whole);
    const labeled = await explain(model, images, { target: 'label' });
    expect(labeled.map(({ classIndex }) => classIndex)).toEqual([0, 1, 2]);
    expect(labeled[2]).toEqual(whole[2]);
  });

  it('explains a nested model as the equal flat model', async () => {
    const flat = await explain(sequentialModel(), images);
    for (const begins of [false, true]) {
      const nested = await explain(nestedModel({ begins }), images);
      nested.forEach(({ values }, i) =>
        values.forEach((value, j) => expect(value).toBeCloseTo(flat[i].values[j], 5)),
      );
    }
  });

  it('explains the images at the positions indices', async () => {
    const model = sequentialModel();
    const all = await explain(model, images, { target: 'label' });
    const selected = await explain(model, images, { target: 'label', indices: [2, 0] });
    expect(selected.map(({ index, classIndex }) => [index, classIndex])).toEqual([
      [2, 2],
      [0, 0],
    ]);
    selected.forEach(({ index, values }) =>
      values.forEach((value, i) => expect(value).toBeCloseTo(all[index].values[i], 5)),
    );
  });

  it('explains probabilities, with other values than logits', async () => {
    const [logit] = await explain(sequentialModel(), images);
    const [probability] = await explain(sequentialModel(), images, { score: 'probability' });
    expect(probability.values).not.toEqual(logit.values);
  });

  it('leaves no tensor behind and does not change the model, also if aborted or refused', async () => {
    const model = sharedModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    await explain(model, images, { batchSize: 2 });
    const controller = new AbortController();
    const options = {
      batchSize: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    };
    await expect(explain(model, images, options)).rejects.toThrow('enough');
    await expect(explain(model, images, { target: 'bird' })).rejects.toThrow(/Expected target to be one of/);
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    expect(
      model.layers.every((layer) => layer.inboundNodes.length === (layer.name === 'shared' ? 2 : 1)),
    ).toBe(true);
  });
});

describe('an abort', () => {
  it.each([
    ['integratedGradients', integratedGradients, { steps: 50 }],
    ['smoothGrad', smoothGrad, { samples: 50 }],
    ['occlusion', occlusion, { size: 1, stride: 1 }],
  ] as const)('stops %s within a batch', async (_, method, parameters) => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    const conv = model.getLayer('conv2');
    const call = conv.call.bind(conv);
    const controller = new AbortController();
    let runs = 0;
    conv.call = (inputs, kwargs) => {
      if (++runs === 3) setTimeout(() => controller.abort(new Error('enough')));
      return call(inputs, kwargs);
    };
    const options = { ...parameters, signal: controller.signal };
    await expect(method(model, images, options as object)).rejects.toThrow('enough');
    expect(runs).toBeLessThan(6);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('an input that does not fit is refused:', () => {
  it.each([
    ['Expected target to be an integer from 0 to 2 (cat, dog, frog), got 3', { target: 3 }],
    [
      'Expected target to be one of predicted, label, cat, dog, frog or an index, got "bird"',
      { target: 'bird' },
    ],
    ['Expected score to be one of logit, probability, got "loss"', { score: 'loss' as never }],
    ['Expected collapse to be one of sum, abs-max, abs-mean, got "max"', { collapse: 'max' as never }],
  ])('%s', async (message, options) => {
    await expect(saliency(sequentialModel(), images, options)).rejects.toThrow(message);
  });

  it('a model without rectifiers, for a method that changes their gradient', async () => {
    const layers = [tf.layers.flatten({ inputShape: [8, 8, 3] }), tf.layers.dense({ units: 3 })];
    const model = tf.sequential({ layers });
    for (const method of [guidedBackprop, deconvnet])
      await expect(method(model, images)).rejects.toThrow(/Expected a model with rectifiers/);
    await expect(gradCam(model, images)).rejects.toThrow(/Expected a model with a 2D convolution/);
  });

  it('a layer without maps, a model with two inputs, a model that is no classifier', async () => {
    await expect(gradCam(sequentialModel(), images, { layer: 'flatten' })).rejects.toThrow(
      /Expected layer to output feature maps .*, got flatten/,
    );
    await expect(saliency(twoInputModel(), images)).rejects.toThrow(/got one with 2 inputs: left, right/);
    const maps = tf.sequential({
      layers: [tf.layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [8, 8, 3] })],
    });
    await expect(saliency(maps, images)).rejects.toThrow(
      'Expected a model that outputs one score per class, got an output of shape [8, 8, 1]',
    );
  });
});
