import * as tf from '@tensorflow/tfjs';
import type { ImageObjective } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toImageSet, visualizationPresets, visualizeFeatures } from '../../src/index.js';
import {
  nestedModel,
  randomImages,
  randomize,
  sequentialModel,
  sharedModel,
  twoInputModel,
} from '../models.js';
import { classNames, classObjectives, linearModel } from './linear-model.js';

beforeAll(() => tf.setBackend('cpu'));

const channels: ImageObjective[] = [0, 1, 2, 3].map((channel) => ({
  kind: 'channel',
  layer: 'relu',
  channel,
}));
const quick = {
  steps: 4,
  seed: 3,
  transformations: [
    { kind: 'jitter', pixels: 1 },
    { kind: 'rotation', degrees: 5 },
    { kind: 'scale', factor: 0.1 },
  ],
  regularizers: [
    { kind: 'total-variation', weight: 0.1 },
    { kind: 'lp', p: 6, weight: 0.1 },
    { kind: 'decay', rate: 0.05 },
    { kind: 'blur', size: 3, every: 2 },
    { kind: 'clip-norm', percent: 10 },
    { kind: 'clip-contribution', percent: 10 },
  ],
} as const;

describe('visualizeFeatures', () => {
  it('raises every kind of objective, and records initial and final value, history, frames', async () => {
    const objectives: ImageObjective[] = [
      { kind: 'class', class: 1 },
      { kind: 'channel', layer: 'relu', channel: 0 },
      { kind: 'channel', layer: 'conv', channel: 2, reduction: 'sum' },
      { kind: 'neuron', layer: 'last-conv', channel: 4, row: 0, column: 1 },
      { kind: 'layer', layer: 'relu' },
    ];
    const images = await visualizeFeatures(sequentialModel(), objectives, {
      steps: 20,
      frames: [0, 20],
      optimizer: { kind: 'ascent', stepSize: 20 },
    });
    for (const { initialValue, finalValue, history, frames, pixels } of images) {
      expect(finalValue).toBeGreaterThan(initialValue);
      expect(history.length).toBe(20);
      expect(history[0]).toBeCloseTo(initialValue, 4);
      expect(frames.map(({ step }) => step)).toEqual([0, 20]);
      expect(frames[1].pixels).toEqual(pixels);
      expect(frames[0].pixels.every((pixel) => Math.abs(pixel - 128) <= 20)).toBe(true);
    }
    expect(images.map(({ name }) => name)).toEqual([
      ...['class 1', 'relu #0', 'conv #2', 'conv2 #4 at 0,1', 'relu'],
    ]);
    expect(structuredClone(images)).toEqual(images);
  });

  it('gives the same image for the same seed, alone or in a batch, another for another seed', async () => {
    const model = sequentialModel();
    const all = await visualizeFeatures(model, channels, quick);
    expect(await visualizeFeatures(model, channels, { ...quick, batchSize: 3 })).toEqual(all);
    for (const [i, channel] of channels.entries()) {
      const [alone] = await visualizeFeatures(model, [channel], quick);
      alone.pixels.forEach((pixel, j) => expect(pixel).toBeCloseTo(all[i].pixels[j], 3));
    }
    const [other] = await visualizeFeatures(model, channels, { ...quick, seed: 4 });
    expect(other.pixels).not.toEqual(all[0].pixels);
  });

  it('gives a nested model the image of the flat one, and optimizes for a shared layer', async () => {
    const [flat] = await visualizeFeatures(sequentialModel(), [classObjectives[0]], { steps: 5, classNames });
    for (const begins of [false, true]) {
      const [nested] = await visualizeFeatures(nestedModel({ begins }), [classObjectives[0]], {
        steps: 5,
        classNames,
      });
      nested.pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(flat.pixels[i], 2));
    }
    const [shared] = await visualizeFeatures(sharedModel(), [
      { kind: 'channel', layer: 'shared:1', channel: 0 },
    ]);
    expect(shared.finalValue).toBeGreaterThan(shared.initialValue);
  });

  it('optimizes one of several inputs, with values for the others', async () => {
    const shape = [1, 8, 8, 3];
    const values = Float32Array.from({ length: 192 }, () => 0.5);
    const [image] = await visualizeFeatures(twoInputModel(), [classObjectives[0]], {
      ...{ classNames, steps: 5, inputs: { right: { values, shape } } },
    });
    expect(image.finalValue).toBeGreaterThan(image.initialValue);
  });

  it('starts where all units are inactive: it activates a filter that is 0 for a black image', async () => {
    const conv = tf.layers.conv2d({ name: 'conv', filters: 1, kernelSize: 1, inputShape: [3, 3, 1] });
    const layers = [conv, tf.layers.reLU({ name: 'relu' })];
    const model = tf.sequential({ layers });
    model.setWeights([tf.tensor4d([1], [1, 1, 1, 1]), tf.tensor1d([-0.01])]);
    const [image] = await visualizeFeatures(model, [{ kind: 'channel', layer: 'relu', channel: 0 }], {
      ...{ start: 'zeros', steps: 10 },
    });
    expect(image.initialValue).toBe(0);
    expect(image.finalValue).toBeCloseTo(10 / 255 - 0.01, 4);
  });

  it('has images of any size for a model that reads any size, or the size of the start image', async () => {
    const model = randomize(
      tf.sequential({
        layers: [tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [null, null, 3] })],
      }),
    );
    const objective: ImageObjective = { kind: 'channel', layer: 'conv', channel: 1 };
    const [image] = await visualizeFeatures(model, [objective], { steps: 2, height: 6, width: 9 });
    expect([image.height, image.width, image.channels, image.pixels.length]).toEqual([6, 9, 3, 162]);
    const [first] = await visualizeFeatures(model, [objective], {
      start: randomImages(1),
      steps: 1,
      frames: [0],
    });
    first.frames[0].pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(randomImages(1).pixels[i], 3));
    await expect(visualizeFeatures(model, [objective])).rejects.toThrow('Expected height, for a model');
  });

  it('gives smoother images with total variation, blur and Fourier coefficients than without', async () => {
    const variation = async (options: object) => {
      const [{ pixels }] = await visualizeFeatures(sequentialModel(), [classObjectives[0]], {
        classNames,
        steps: 40,
        ...options,
      });
      const [standard] = [toImageSet([{ ...(await plain), pixels }], { contrast: 'standardized' })];
      let sum = 0;
      for (let i = 3; i < 192; i++)
        if (i % 24 >= 3) sum += Math.abs(standard.pixels[i] - standard.pixels[i - 3]);
      return sum;
    };
    const plain = visualizeFeatures(sequentialModel(), [classObjectives[0]], { classNames, steps: 1 }).then(
      ([one]) => one,
    );
    const [none, tv, blurred, waves] = [
      await variation({}),
      await variation({ regularizers: [{ kind: 'total-variation', weight: 30 }] }),
      await variation({ regularizers: [{ kind: 'blur', size: 3, every: 2 }] }),
      await variation({ parametrization: { kind: 'fourier' } }),
    ];
    for (const less of [tv, blurred, waves]) expect(less).toBeLessThan(0.9 * none);
  });

  it('gives a unit of the softmax the same image alone or in a batch with a logit', async () => {
    const objectives: ImageObjective[] = [
      { kind: 'class', class: 0 },
      { kind: 'channel', layer: 'scores', channel: 1 },
      { kind: 'layer', layer: 'relu' },
    ];
    const together = await visualizeFeatures(sequentialModel(), objectives, quick);
    for (const [i, objective] of objectives.entries()) {
      const [alone] = await visualizeFeatures(sequentialModel(), [objective], quick);
      expect(together[i].initialValue).toBeCloseTo(alone.initialValue, 6);
      expect(together[i].finalValue).toBeCloseTo(alone.finalValue, 6);
      together[i].pixels.forEach((pixel, p) => expect(pixel).toBeCloseTo(alone.pixels[p], 3));
    }
    expect(together[1].initialValue).toBeLessThan(1);
  });

  it('has images of the size of the input without values', async () => {
    const [left, right] = [
      tf.input({ shape: [8, 8, 3], name: 'left' }),
      tf.input({ shape: [4, 6, 1], name: 'right' }),
    ];
    const flat = [left, right].map((input) => tf.layers.flatten().apply(input) as tf.SymbolicTensor);
    const scores = tf.layers.dense({ units: 3 }).apply(tf.layers.concatenate().apply(flat));
    const model = randomize(tf.model({ inputs: [left, right], outputs: scores as tf.SymbolicTensor }));
    const inputs = { left: { values: new Float32Array(192), shape: [1, 8, 8, 3] } };
    const [image] = await visualizeFeatures(model, [{ kind: 'class', class: 0 }], { inputs, steps: 2 });
    expect(image).toMatchObject({ height: 4, width: 6, channels: 1 });
    expect(image.finalValue).toBeGreaterThan(image.initialValue);
  });

  it('refuses options and objectives that do not fit before it makes a tensor', async () => {
    const model = sequentialModel();
    const both = twoInputModel();
    const inputs = { right: { values: new Float32Array(192), shape: [1, 8, 8, 3] } };
    const start = randomImages(1);
    const before = tf.memory().numTensors;
    await expect(
      visualizeFeatures(model, channels, { ...quick, optimizer: { kind: 'sgd' as never } }),
    ).rejects.toThrow('Expected optimizer to be one of ascent, adam, rmsprop, got "sgd"');
    await expect(
      visualizeFeatures(model, channels, {
        ...visualizationPresets.lucid,
        optimizer: { kind: 'adam', beta1: 2 },
      }),
    ).rejects.toThrow('Expected adam.beta1 to be a number from 0 to 1, got 2');
    await expect(visualizeFeatures(model, channels, { ...quick, start, height: 16 })).rejects.toThrow(
      'Expected height to be 8, as start has, or left out, got 16',
    );
    await expect(
      visualizeFeatures(both, [{ kind: 'channel', layer: 'conv1', channel: 0 }], { ...quick, inputs }),
    ).rejects.toThrow(
      'Expected a layer that depends on the images, got conv1, which depends on other inputs only',
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps no tensor and does not change the model, even when aborted, refused or failing', async () => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const relu = tf.getGradient('Relu');
    for (let i = 0; i < 100; i++) await visualizeFeatures(model, [channels[0]], { ...quick, steps: 1 });
    await visualizeFeatures(model, channels, { ...visualizationPresets.lucid, steps: 2 });
    await visualizeFeatures(model, classObjectives, { ...quick, classNames, optimizer: { kind: 'adam' } });
    expect(tf.memory().numTensors).toBe(before);
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (done: number) => done === 2 && controller.abort(new Error('enough'));
    await expect(
      visualizeFeatures(model, channels, { ...quick, signal, onProgress: (n) => void onProgress(n) }),
    ).rejects.toThrow('enough');
    await expect(visualizeFeatures(model, classObjectives, quick)).rejects.toThrow(
      'Expected class to be an index',
    );
    const conv = model.getLayer('conv2');
    const call = conv.call.bind(conv);
    let calls = 0;
    conv.call = (inputs, kwargs) => {
      if (++calls === 3) throw new Error('broken');
      return call(inputs, kwargs);
    };
    await expect(visualizeFeatures(model, classObjectives, { ...quick, classNames })).rejects.toThrow(
      'broken',
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    expect(tf.getGradient('Relu')).toBe(relu);
    expect(model.layers.every((layer) => layer.inboundNodes.length === 1)).toBe(true);
  });

  it('names the objective whose score is NaN', async () => {
    const model = linearModel();
    const broken = model.getWeights().map((weight) => tf.mul(weight, NaN));
    model.setWeights(broken);
    await expect(visualizeFeatures(model, classObjectives, { classNames })).rejects.toThrow(/NaN/);
  });
});
