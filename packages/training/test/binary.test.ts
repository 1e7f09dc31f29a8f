import { randomAt, type ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileClassifier, fit, type FitOptions } from '../src/index.js';

/*
 * Classifiers that end in sigmoids. The references are closed forms: of one step of gradient descent on
 * p = sigmoid(w x + b) the gradient of the mean binary cross-entropy is mean((p - t) x).
 */

const [COUNT, SIZE] = [4, 2];
const random = randomAt(3, 'binary');
const pixels = Float32Array.from({ length: COUNT * SIZE * SIZE }, () => Math.floor(256 * random()));
const labels = Int32Array.of(0, 1, 1, 0);

const batch = (change: Partial<ImageBatch> = {}): ImageBatch => ({
  kind: 'image-batch',
  name: 'pets',
  pixels,
  labels,
  count: COUNT,
  height: SIZE,
  width: SIZE,
  channels: 1,
  classNames: ['cat', 'dog'],
  epoch: 0,
  step: 0,
  steps: 1,
  indices: Uint32Array.from(labels.keys()),
  ...change,
});

const WEIGHTS = [0.5, -0.25, 0.75, -1];
const BIAS = 0.1;

function model({ bias = BIAS, units = 1 } = {}): tf.LayersModel {
  const network = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [SIZE, SIZE, 1] }),
      tf.layers.dense({ units, activation: 'sigmoid' }),
    ],
  });
  const kernel = WEIGHTS.flatMap((weight) => Array.from({ length: units }, (_, u) => weight * (u + 1)));
  tf.tidy(() => network.setWeights([tf.tensor2d(kernel, [4, units]), tf.fill([units], bias)]));
  return network;
}

const inputsOf = (i: number) => [...pixels.slice(i * 4, i * 4 + 4)].map((level) => level / 255);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const probabilities = Array.from(labels, (_, i) =>
  sigmoid(inputsOf(i).reduce((z, x, k) => z + x * WEIGHTS[k], BIAS)),
);
const crossEntropy = (p: number, t: number) => -t * Math.log(p) - (1 - t) * Math.log(1 - p);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const run = (change: Partial<ImageBatch> = {}, options: Partial<FitOptions> = {}): FitOptions => ({
  train: () => [batch(change)],
  epochs: 1,
  ...options,
});

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

describe('a classifier of two classes with one sigmoid unit', () => {
  /** Trains one step, and compares loss, accuracy and weights with those of the targets `ts`. */
  async function expectStep(ts: readonly number[], options: FitOptions) {
    const network = model();
    compileClassifier(network, { optimizer: 'sgd', learningRate: 0.5 });
    const [{ loss, accuracy }] = await fit(network, options);
    expect(loss).toBeCloseTo(mean(ts.map((t, i) => crossEntropy(probabilities[i], t))), 5);
    expect(accuracy).toBe(mean(ts.map((t, i) => Number(t > 0.5 === probabilities[i] > 0.5))));
    const [kernel, bias] = network.getWeights().map((weight) => [...weight.dataSync()]);
    WEIGHTS.forEach((weight, k) =>
      expect(kernel[k]).toBeCloseTo(
        weight - 0.5 * mean(ts.map((t, i) => (probabilities[i] - t) * inputsOf(i)[k])),
        5,
      ),
    );
    expect(bias[0]).toBeCloseTo(BIAS - 0.5 * mean(ts.map((t, i) => probabilities[i] - t)), 5);
  }

  it('learns labels: class 1 has the target 1', () => expectStep([...labels], run()));

  it('learns smoothed labels', () =>
    expectStep(
      Array.from(labels, (label) => label * 0.8 + 0.1),
      run({}, { labelSmoothing: 0.2 }),
    ));

  it('learns soft targets, of which the second counts', () => {
    const ts = [0.25, 0.5, 0.75, 1];
    const targets = Float32Array.from(ts.flatMap((t) => [1 - t, t]));
    return expectStep(ts, run({ targets }));
  });

  it('validates as it trains', async () => {
    const network = model();
    compileClassifier(network, { optimizer: 'sgd', learningRate: 1e-30 });
    const [record] = await fit(network, run({}, { validation: () => [batch()] }));
    expect(record.valLoss).toBeCloseTo(record.loss, 5);
    expect(record.valAccuracy).toBe(record.accuracy);
  });

  it.each([-60, 60])('keeps finite weights at the logit %d', async (bias) => {
    const network = model({ bias });
    compileClassifier(network, { optimizer: 'sgd' });
    const [{ loss, diverged }] = await fit(network, run());
    expect(loss).toBeGreaterThan(20);
    expect(diverged).toBeUndefined();
    for (const weight of network.getWeights()) expect(weight.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('trains with the binary cross-entropy of TensorFlow.js too', async () => {
    const network = model();
    network.compile({ optimizer: tf.train.sgd(0.1), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    const [{ loss }] = await fit(network, run());
    expect(loss).toBeCloseTo(mean(Array.from(labels, (t, i) => crossEntropy(probabilities[i], t))), 5);
  });

  it('refuses more classes, class weights, and a loss of several classes', async () => {
    const network = model();
    compileClassifier(network);
    await expect(fit(network, run({ classNames: ['cat', 'dog', 'bird'] }))).rejects.toThrow(
      'Expected a model with 3 outputs, one per class of pets, got 1',
    );
    await expect(fit(network, run({}, { classWeights: [1, 2] }))).rejects.toThrow('classWeights');
    for (const loss of ['categoricalCrossentropy', 'sparseCategoricalCrossentropy']) {
      network.compile({ optimizer: 'sgd', loss, metrics: ['accuracy'] });
      await expect(fit(network, run())).rejects.toThrow(
        'Expected a binary cross-entropy for a model with one unit',
      );
    }
  });
});

describe('compileClassifier', () => {
  it('takes the mean binary cross-entropy of several sigmoid units', async () => {
    const network = model({ units: 2 });
    compileClassifier(network, { optimizer: 'sgd' });
    const [{ loss }] = await fit(network, run());
    const losses = Array.from(labels, (label, i) =>
      mean(
        [1, 2].map((factor, unit) => {
          const z = inputsOf(i).reduce((sum, x, k) => sum + x * WEIGHTS[k] * factor, BIAS);
          return crossEntropy(sigmoid(z), Number(label === unit));
        }),
      ),
    );
    expect(loss).toBeCloseTo(mean(losses), 5);
  });

  it.each(['linear', 'relu', 'softmax'] as const)('refuses one unit with the activation %s', (activation) => {
    const network = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [SIZE, SIZE, 1] }), tf.layers.dense({ units: 1, activation })],
    });
    expect(() => compileClassifier(network)).toThrow(
      `Expected a classifier: one unit per class, or one sigmoid unit for two classes; got one unit with the activation ${activation}`,
    );
  });
});
