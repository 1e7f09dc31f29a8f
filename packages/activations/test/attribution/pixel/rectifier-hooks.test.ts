import * as tf from '@tensorflow/tfjs';
import { IDENTITY, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attributions } from '../../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const images: Images = {
  name: 'levels',
  pixels: Float32Array.of(-1, 2, 7),
  count: 1,
  height: 1,
  width: 1,
  channels: 3,
  classNames: [],
};

/** A rectifier, then a dense layer: the sum of the values for class 0, minus the sum for class 1. */
function modelOf(layer: tf.layers.Layer) {
  const layers = [layer, tf.layers.flatten(), tf.layers.dense({ units: 2, useBias: false })];
  const model = tf.sequential({ layers });
  layers[2].setWeights([tf.tensor2d([1, -1, 1, -1, 1, -1], [3, 2])]);
  return model;
}

const from = { inputShape: [1, 1, 3] };
const rectifiers: [string, () => tf.layers.Layer, number[]][] = [
  ['ReLU', () => tf.layers.reLU(from as never), [0, 1, 1]],
  ['ReLU with a maximum', () => tf.layers.reLU({ ...from, maxValue: 6 } as never), [0, 1, 0]],
  ['LeakyReLU', () => tf.layers.leakyReLU({ ...from, alpha: 0.1 } as never), [0, 1, 1]],
  ['PReLU', () => tf.layers.prelu({ ...from, alphaInitializer: 'ones' } as never), [0, 1, 1]],
  ['ThresholdedReLU', () => tf.layers.thresholdedReLU({ ...from, theta: 3 } as never), [0, 0, 1]],
  ['ELU', () => tf.layers.elu(from as never), [0, 1, 1]],
  ["activation 'relu6'", () => tf.layers.activation({ ...from, activation: 'relu6' }), [0, 1, 0]],
  ["activation 'elu'", () => tf.layers.activation({ ...from, activation: 'elu' }), [0, 1, 1]],
];

describe.each(rectifiers)('%s', (_, make, passes) => {
  it.each([
    ['guided-backprop', 0, passes],
    ['guided-backprop', 1, [0, 0, 0]],
    ['deconvnet', 0, [1, 1, 1]],
    ['deconvnet', 1, [0, 0, 0]],
  ] as const)('%s passes positive gradients by its rule (class %i)', async (method, target, expected) => {
    const [{ values }] = await attributions(modelOf(make()), images, {
      method,
      target,
      preprocessing: IDENTITY,
    });
    expect([...values]).toEqual(expected);
  });
});
