import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  correctGradients();
});

const x = () => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
const mean = () => tf.tensor1d([1, 2, 3]);
const variance = () => tf.tensor1d([1, 4, 9]);
/** 1 / sqrt(variance + 0.001) */
const inverse = [1, 4, 9].map((value) => 1 / Math.sqrt(value + 0.001));

function expectGradient(f: (x: tf.Tensor2D) => tf.Tensor, expected: readonly number[]): void {
  tf.tidy(() => {
    const gradient = tf.grad((x) => tf.sum(f(x as tf.Tensor2D)))(x());
    Array.from(gradient.dataSync()).forEach((value, i) => expect(value).toBeCloseTo(expected[i % 3], 5));
  });
}

it('batch norm without scale and offset has the gradient 1 / deviation', () =>
  expectGradient((x) => tf.batchNorm(x, mean(), variance()), inverse));

it('batch norm without a scale has the gradient 1 / deviation', () =>
  expectGradient((x) => tf.batchNorm(x, mean(), variance(), tf.ones([3]) as tf.Tensor1D), inverse));

it('batch norm without an offset has the gradient scale / deviation', () =>
  expectGradient(
    (x) => tf.batchNorm(x, mean(), variance(), undefined, tf.tensor1d([2, 3, 4])),
    inverse.map((value, i) => value * (i + 2)),
  ));

it.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
  'the layer BatchNormalization with %o has the gradient 1 / deviation in inference',
  (options) => {
    const layer = tf.layers.batchNormalization(options);
    layer.build([null, 3]);
    const ones = Array.from({ length: layer.getWeights().length - 2 }, () => tf.ones([3]));
    layer.setWeights([...ones, mean(), variance()]);
    expectGradient((x) => layer.apply(x) as tf.Tensor, inverse);
  },
);

it.each([{ scale: false }, { center: false }])(
  'the layer LayerNormalization with %o has the gradient 0 of a sum',
  (options) => {
    const layer = tf.layers.layerNormalization(options);
    expectGradient((x) => layer.apply(x) as tf.Tensor, [0, 0, 0]);
  },
);

it('leaves no tensor', () => {
  const before = tf.memory().numTensors;
  expectGradient((x) => tf.batchNorm(x, mean(), variance()), inverse);
  expect(tf.memory().numTensors).toBe(before);
});
