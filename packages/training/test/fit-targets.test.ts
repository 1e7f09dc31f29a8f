import type { BatchSource, ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileClassifier, fit, type FitOptions } from '../src/index.js';
import { bars, classifier, SIZE, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const run: FitOptions = { train: bars(2), epochs: 1 };
const refuse = (change: Partial<FitOptions>, model = classifier()) =>
  expect(fit(model, { ...run, ...change })).rejects;

describe('class weights', () => {
  it('are equal as a list and as a record, and do not change the validation', async () => {
    const train = (classWeights?: FitOptions['classWeights']) =>
      fit(classifier(), { ...run, validation: bars(1), classWeights }).then(([{ loss, accuracy }]) => [
        loss,
        accuracy,
      ]);
    const plain = await train();
    expect(await train([1, 1, 1])).toEqual(plain);
    const weighted = await train({ 1: 3 });
    expect(weighted[0]).not.toBe(plain[0]);
    expect(await train([1, 3, 1])).toEqual(weighted);

    const constant: FitOptions = {
      ...run,
      train: (epoch) => [...(bars(1)(epoch) as ImageBatch[])],
      validation: bars(2),
    };
    const valLoss = async (classWeights?: FitOptions['classWeights']) => {
      const model = classifier();
      (model.optimizer as unknown as { learningRate: number }).learningRate = 0;
      return (await fit(model, { ...constant, classWeights }))[0].valLoss;
    };
    expect(await valLoss([9, 9, 9])).toBe(await valLoss());
  });

  it('do not make weights NaN if a probability is 0', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [SIZE, SIZE, 1] }),
        tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: 'zeros' }),
      ],
    });
    // A softmax of exactly 1, 0 and 0 in float32.
    tf.tidy(() => model.setWeights([tf.zeros([SIZE * SIZE, 3]), tf.tensor1d([500, 0, 0])]));
    compileClassifier(model, { optimizer: 'sgd' });
    const [{ loss }] = await fit(model, { ...run, classWeights: [1000, 1000, 1000] });
    expect(loss).toBeGreaterThan(10_000);
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
  });

  it('are refused if they do not fit the classes or the loss, or are below 0', async () => {
    await refuse({ classWeights: [1, 2] }).toThrow(
      'Expected classWeights to hold 3 weights, one per class of bars, got 2',
    );
    await refuse({ classWeights: { 3: 1 } }).toThrow(
      'Expected classWeights for classes from 0 to 2, got one for "3"',
    );
    await refuse({ classWeights: { 1: -1 } }).toThrow('Expected classWeights[1] to be a number >= 0, got -1');
    const sparse = classifier();
    sparse.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await refuse({ classWeights: [1, 1, 1] }, sparse).toThrow('cross-entropy for classWeights');
    const squared = classifier();
    squared.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
    await refuse({ labelSmoothing: 0.1 }, squared).toThrow('cross-entropy for labelSmoothing');
  });
});

describe('targets', () => {
  const change = (part: Partial<ImageBatch>): { train: BatchSource } => ({
    train: () => [{ ...(bars(1)(0) as ImageBatch[])[0], ...part }],
  });

  it('are refused if they do not fit the model or the images', async () => {
    await refuse({ labelSmoothing: 1 }).toThrow('Expected labelSmoothing to be below 1, got 1');
    await refuse({ labelSmoothing: -0.1 }).toThrow(
      'Expected labelSmoothing to be a number from 0 to 1, got -0.1',
    );
    await refuse(change({ targets: new Float32Array(3) })).toThrow(
      'Expected bars to have 8 x 3 soft targets, got 3 values',
    );
    await refuse(change({ labels: new Int32Array(3) })).toThrow(
      'Expected 8 labels in bars, one per image, got 3',
    );
    await refuse(change({ labels: new Int32Array(8).fill(-1) })).toThrow(
      'Expected labels from 0 to 2, got -1',
    );
    const sparse = classifier();
    sparse.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await refuse(change({ targets: new Float32Array(24) }), sparse).toThrow('got the sparse loss');
    await refuse(change({ labels: new Int32Array(8).fill(3) }), sparse).toThrow(
      'Expected labels from 0 to 2, got 3',
    );
  });
});
