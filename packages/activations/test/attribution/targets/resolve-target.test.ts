import * as tf from '@tensorflow/tfjs';
import { type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  featureMaps,
  gradCam,
  integratedGradients,
  occlusion,
  saliency,
  type Target,
} from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';
import { asIs, linearImage, linearModel } from '../../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);
const model = () => sequentialModel();

/** The derivative of f with respect to one value of the first image, by central differences. */
async function slopeOf(f: (images: Images) => Promise<number>, pixel: number): Promise<number> {
  const step = 0.5;
  const shifted = (shift: number) => {
    const pixels = Float32Array.from(images.pixels);
    pixels[pixel] += shift;
    return f({ ...images, pixels });
  };
  return ((await shifted(step)) - (await shifted(-step))) / (2 * (step / 255));
}

describe('a target', () => {
  it.each([
    [
      'the mean of a channel',
      'norm',
      { layer: 'norm', channel: 2 },
      (map: number[]) => map.reduce((a, b) => a + b) / map.length,
    ],
    [
      'the maximum of a channel',
      'norm',
      { layer: 'norm', channel: 2, reduction: 'max' },
      (map: number[]) => Math.max(...map),
    ],
    [
      'a neuron of a feature map',
      'norm',
      { layer: 'norm', neuron: [3, 4, 2] },
      (map: number[]) => map[3 * 8 + 4],
    ],
  ] as [string, string, Target, (map: number[]) => number][])(
    'can be %s, with its gradient',
    async (_, layer, target, reduce) => {
      const network = model();
      const score = async (batch: Images) => {
        const { values, channels } = await featureMaps(network, batch, { layer });
        return reduce([...values.slice(0, 64 * channels)].filter((__, i) => i % channels === 2));
      };
      const [{ values, classIndex, target: name }] = await attributions(network, images, { target });
      expect(classIndex).toBe(-1);
      expect(name).toMatch(/^norm, (channel 2|neuron 3, 4, 2)/);
      const largest = Math.max(...values.map(Math.abs));
      const peak = values.findIndex((value) => Math.abs(value) === largest);
      for (const pixel of [0, 100, peak])
        expect(Math.abs(values[pixel] - (await slopeOf(score, pixel)))).toBeLessThan(5e-3 * largest);
    },
  );

  it('can be a unit of a dense layer, by channel or by neuron', async () => {
    const network = model();
    const options = { score: 'logit' } as const;
    const byUnit = await saliency(network, images, { ...options, target: { layer: 'scores', channel: 1 } });
    expect(byUnit[0].target).toBe('scores, channel 1');
    const byNeuron = await saliency(network, images, { target: { layer: 'scores', neuron: [1] } });
    expect(byNeuron[0].values).toEqual(byUnit[0].values);
    // The softmax is part of the layer, which outputs probabilities.
    const byClass = await saliency(network, images, { target: 1, score: 'probability' });
    byUnit[0].values.forEach((value, i) => expect(value).toBeCloseTo(byClass[0].values[i], 5));
  });

  it('can be a function of the scores: logits, or probabilities with score probability', async () => {
    const weights = [
      [1, 2],
      [-3, 4],
      [5, -6],
      [7, 8],
      [-9, 1],
      [2, -3],
    ];
    const image = linearImage([1, 2, 3, 4, 5, 6]);
    const margin = (scores: tf.Tensor2D) =>
      tf
        .sub(tf.slice(scores, [0, 0], [-1, 1]), tf.slice(scores, [0, 1], [-1, 1]))
        .reshape([-1]) as tf.Tensor1D;
    const network = linearModel(weights, { activation: 'softmax' });
    const [attribution] = await attributions(network, image, { ...asIs, target: margin });
    expect([...attribution.values]).toEqual(weights.map(([a, b]) => a - b));
    expect(attribution).toMatchObject({ classIndex: -1, target: 'margin' });
    const total = (scores: tf.Tensor2D) => tf.sum(scores, 1) as tf.Tensor1D;
    const [sum] = await attributions(network, image, { ...asIs, target: total, score: 'probability' });
    sum.values.forEach((value) => expect(value).toBeCloseTo(0, 5));
  });

  it('can be a class for each image', async () => {
    const network = model();
    const both = await saliency(network, images, { target: [2, 0], batchSize: 1 });
    expect(both.map(({ classIndex }) => classIndex)).toEqual([2, 0]);
    expect(both[1].values).toEqual((await saliency(network, images, { target: 0 }))[1].values);
  });

  it('works with every family of methods', async () => {
    const network = model();
    const target = { layer: 'conv2', channel: 0, reduction: 'max' } as const;
    const [map] = await gradCam(network, images, { target, layer: 'relu' });
    expect(map).toMatchObject({ classIndex: -1, target: 'conv2, channel 0 (max)', layer: 'relu' });
    const scoreOf = async (batch: Images) => {
      const { values } = await featureMaps(network, batch, { layer: 'conv2', indices: [0] });
      return Math.max(...values.filter((_, i) => i % 5 === 0));
    };
    const black = { ...images, pixels: new Uint8Array(images.pixels.length) };
    const increase = (await scoreOf(images)) - (await scoreOf(black));
    const [integral] = await integratedGradients(network, images, { target, steps: 200 });
    expect(integral.values.reduce((a, b) => a + b)).toBeCloseTo(increase, 2);
    const [occluded] = await occlusion(network, images, { target, size: 8, baseline: 0, resize: false });
    expect(occluded.values[0]).toBeCloseTo(increase, 4);
  });

  it.each([
    [{ layer: 'conv9', channel: 0 }, /Expected layer to be one of conv, norm, .*, got "conv9"/],
    [
      { layer: 'norm', channel: 4 },
      'Expected target.channel of layer norm to be an integer from 0 to 3, got 4',
    ],
    [{ layer: 'norm', channel: 0, reduction: 'sum' }, 'Expected reduction to be one of mean, max, got "sum"'],
    [
      { layer: 'norm', neuron: [8, 0, 0] },
      'Expected target.neuron to be a position in the 8 x 8 x 4 of layer norm, got 8,0,0',
    ],
    [
      { layer: 'scores', neuron: [0, 0] },
      'Expected target.neuron to be a position in the 3 of layer scores, got 0,0',
    ],
    [[0], 'Expected target to hold 2 classes, one per image, got 1'],
    [[0, 3], 'Expected target[1] to be an integer from 0 to 2, got 3'],
    [
      (scores: tf.Tensor2D) => tf.sum(scores),
      'Expected target to return one number per image (shape [2]), got shape []',
    ],
    [
      { channel: 1 },
      /^Expected target to be a class, { layer, channel }, .* or a function, got \[object Object\]$/,
    ],
  ])('that does not exist is refused: %j', async (target, message) => {
    const before = tf.memory().numTensors;
    const network = model();
    await expect(saliency(network, images, { target: target as never })).rejects.toThrow(message);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('must depend on the layer of a class activation map', async () => {
    await expect(
      gradCam(model(), images, { layer: 'conv2', target: { layer: 'relu', channel: 0 } }),
    ).rejects.toThrow(
      'Expected layer to be one that the target depends on, got conv2 for the target relu, channel 0 (mean)',
    );
  });
});
