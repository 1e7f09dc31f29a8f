import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  collapseChannels,
  deconvnet,
  gradCam,
  gradCamPlusPlus,
  gradientTimesInput,
  guidedBackprop,
  guidedGradCam,
  integratedGradients,
  layerCam,
  occlusion,
  predictions,
  saliency,
  scoreCam,
  smoothGrad,
} from '../../src/index.js';
import { nestedModel, part, randomImages, sequentialModel, sharedModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);
const cheap = { steps: 2, samples: 2, size: 4, stride: 4 };
const methods = {
  saliency,
  gradientTimesInput,
  guidedBackprop,
  deconvnet,
  integratedGradients,
  smoothGrad,
  occlusion,
  gradCam,
  gradCamPlusPlus,
  layerCam,
  scoreCam,
  guidedGradCam,
};

describe.each(Object.entries(methods))('%s', (_, method) => {
  it('explains the predicted class of each image, at the size of the images', async () => {
    const model = sequentialModel();
    const said = await predictions(model, images);
    const heatmaps = await method(model, images, cheap);
    expect(
      heatmaps.map(({ index, classIndex, height, width }) => [index, classIndex, height, width]),
    ).toEqual(said.map(({ index, predicted }) => [index, predicted, 8, 8]));
    for (const { values, signed } of heatmaps) {
      expect(values.length).toBe(64);
      expect(values.some((value) => value !== 0)).toBe(true);
      if (!signed) expect(values.every((value) => value >= 0)).toBe(true);
    }
    expect(structuredClone(heatmaps)).toEqual(heatmaps);
  });

  it('explains a class by its name as by its index, in batches of any size', async () => {
    const model = nestedModel();
    const whole = await method(model, images, { ...cheap, target: 2 });
    expect(await method(model, images, { ...cheap, target: 'frog', batchSize: 2 })).toEqual(whole);
    const labelled = await method(model, images, { ...cheap, target: 'label' });
    expect(labelled.map(({ classIndex }) => classIndex)).toEqual([0, 1, 2]);
    expect(labelled[2]).toEqual(whole[2]);
  });

  it('explains a nested model and one that begins with a model as it does the flat one', async () => {
    const flat = await method(sequentialModel(), images, cheap);
    for (const begins of [false, true]) {
      const nested = await method(nestedModel({ begins }), images, cheap);
      nested.forEach(({ values }, i) =>
        values.forEach((value, j) => expect(value).toBeCloseTo(flat[i].values[j], 5)),
      );
    }
  });

  it('explains probabilities too, on another scale', async () => {
    const [logit] = await method(sequentialModel(), images, cheap);
    const [probability] = await method(sequentialModel(), images, { ...cheap, score: 'probability' });
    expect(probability.values).not.toEqual(logit.values);
  });

  it('leaves no tensor behind and the model as it was, also when aborted or refused', async () => {
    const model = sharedModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    await method(model, images, { ...cheap, batchSize: 2 });
    const controller = new AbortController();
    const options = {
      ...cheap,
      batchSize: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    };
    await expect(method(model, images, options)).rejects.toThrow('enough');
    await expect(method(model, images, { target: 'bird' })).rejects.toThrow(/Expected target to be one of/);
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    expect(
      model.layers.every((layer) => layer.inboundNodes.length === (layer.name === 'shared' ? 2 : 1)),
    ).toBe(true);
  });
});

describe('aborting', () => {
  it.each([
    ['integratedGradients', integratedGradients],
    ['smoothGrad', smoothGrad],
    ['occlusion', occlusion],
  ] as const)('ends %s within a batch', async (_, method) => {
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
    const options = { steps: 50, samples: 50, size: 1, stride: 1, signal: controller.signal };
    await expect(method(model, images, options)).rejects.toThrow('enough');
    expect(runs).toBeLessThan(6);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('collapseChannels', () => {
  const attribution = {
    method: 'saliency',
    classIndex: 1,
    index: 0,
    height: 1,
    width: 2,
    channels: 3,
    values: Float32Array.of(1, -4, 2, 0.5, 0.5, -1),
  };
  it.each([
    ['sum', [-1, 0], true],
    ['abs-max', [4, 1], false],
    ['abs-mean', [7 / 3, 2 / 3], false],
  ] as const)('%s', (collapse, expected, signed) => {
    const heatmap = collapseChannels(attribution, { collapse });
    expect([...heatmap.values]).toEqual([...Float32Array.from(expected)]);
    expect(heatmap).toMatchObject({ method: 'saliency', classIndex: 1, height: 1, width: 2, signed });
  });

  it('is what the methods do by default', async () => {
    const model = sequentialModel();
    const raw = await attributions(model, images, { method: 'integrated-gradients', steps: 4 });
    expect(raw[0]).toMatchObject({ height: 8, width: 8, channels: 3 });
    expect(await integratedGradients(model, images, { steps: 4 })).toEqual(
      raw.map((each) => collapseChannels(each)),
    );
  });
});

describe('integratedGradients', () => {
  it('adds up to the difference of the scores of the image and of the baseline', async () => {
    const model = sequentialModel();
    const sums = async (baseline: number) => {
      const heatmaps = await integratedGradients(model, images, { target: 1, steps: 200, baseline });
      return heatmaps.map(({ values }) => values.reduce((a, b) => a + b));
    };
    const scoreOf = async (pixels: Uint8Array) => {
      const [{ probabilities }] = await predictions(model, { ...part(images, 0, 1), pixels });
      return Math.log(probabilities[1] / probabilities[0]);
    };
    const against = await integratedGradients(model, images, { target: 0, steps: 200, baseline: 128 });
    const [ours] = await sums(128);
    const theirs = against[0].values.reduce((a, b) => a + b);
    const pixels = part(images, 0, 1).pixels as Uint8Array;
    const difference = (await scoreOf(pixels)) - (await scoreOf(new Uint8Array(192).fill(128)));
    expect(ours - theirs).toBeCloseTo(difference, 2);
  });
});

describe('smoothGrad', () => {
  it('draws the same noise for the same seed, other noise for another', async () => {
    const model = sequentialModel();
    const options = { target: 0, samples: 2 };
    const first = await smoothGrad(model, images, options);
    expect(await smoothGrad(model, images, options)).toEqual(first);
    expect(await smoothGrad(model, images, { ...options, seed: 1 })).not.toEqual(first);
  });

  it('is the gradient if there is no noise', async () => {
    const model = sequentialModel();
    const smooth = await smoothGrad(model, images, { target: 0, samples: 2, noise: 0 });
    const [{ values }] = await saliency(model, images, { target: 0 });
    smooth[0].values.forEach((value, i) => expect(value).toBeCloseTo(values[i], 5));
  });
});

describe('occlusion', () => {
  it('gives a pixel the mean of the places whose square covers it, also beyond the edge', async () => {
    const model = sequentialModel();
    const options = { target: 0, size: 3, stride: 2 };
    const [small] = await occlusion(model, images, { ...options, resize: false });
    const [large] = await occlusion(model, images, options);
    expect([small.height, small.width]).toEqual([4, 4]);
    const { values } = small;
    expect(large.values[0]).toBe(values[0]);
    expect(large.values[2]).toBeCloseTo((values[0] + values[1]) / 2, 6);
    expect(large.values[63]).toBe(values[15]);
  });
});

describe('what does not fit is refused', () => {
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

  it('a layer that puts out no maps, a model of two inputs, a model that is no classifier', async () => {
    await expect(gradCam(sequentialModel(), images, { layer: 'flatten' })).rejects.toThrow(
      /Expected layer to put out maps .*, got flatten/,
    );
    await expect(saliency(twoInputModel(), images)).rejects.toThrow(/got one with 2 inputs: left, right/);
    const maps = tf.sequential({
      layers: [tf.layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [8, 8, 3] })],
    });
    await expect(saliency(maps, images)).rejects.toThrow(
      'Expected a model that puts out one number a class, got outputs of shape [8, 8, 1]',
    );
  });
});
