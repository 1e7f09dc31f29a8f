import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  compileClassifier,
  disposeOptimizer,
  fit,
  openCheckpoints,
  type CompileOptions,
} from '../src/index.js';
import { bars, classifier, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** The weights of the classifier after a number of steps. */
async function weightsAfter(steps: number, options: CompileOptions) {
  const model = classifier();
  disposeOptimizer(model.optimizer);
  compileClassifier(model, options);
  const names = model.weights.map(({ originalName }) => originalName);
  await fit(model, { train: bars(steps), epochs: 1 });
  return { names, weights: weightsOf(model) };
}

describe('a bias scale', () => {
  it('multiplies the steps of the batch-norm offsets only', async () => {
    const start = weightsOf(classifier());
    const plain = await weightsAfter(1, { optimizer: 'nesterov', learningRate: 0.1 });
    const scaled = await weightsAfter(1, { optimizer: 'nesterov', learningRate: 0.1, biasScale: 64 });
    plain.names.forEach((name, i) => {
      const factor = name.endsWith('beta') ? 64 : 1;
      const stepsOf = (weights: number[][]) => weights[i].map((value, j) => value - start[i][j]);
      stepsOf(plain.weights).forEach((step, j) =>
        expect(stepsOf(scaled.weights)[j], name).toBeCloseTo(factor * step, 5),
      );
    });
    const beta = plain.names.findIndex((name) => name.endsWith('beta'));
    expect(Math.max(...scaled.weights[beta].map(Math.abs))).toBeGreaterThan(0.01);
  });
});

describe('weight decay', () => {
  it('multiplies kernels only, without a gradient', () => {
    const model = classifier();
    disposeOptimizer(model.optimizer);
    compileClassifier(model, { optimizer: 'momentum', learningRate: 0.5, weightDecay: 0.2 });
    const before = weightsOf(model);
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    for (let step = 0; step < 3; step++) {
      const gradients = variables.map((variable) => ({
        name: variable.name,
        tensor: tf.zerosLike(variable),
      }));
      model.optimizer.applyGradients(gradients);
      tf.dispose(gradients.map(({ tensor }) => tensor));
    }
    const names = model.weights.map(({ originalName }) => originalName);
    expect(names.filter((name) => name.endsWith('kernel'))).toHaveLength(2);
    weightsOf(model).forEach((weight, i) => {
      const factor = names[i].endsWith('kernel') ? 0.9 ** 3 : 1;
      weight.forEach((value, j) => expect(value).toBeCloseTo(before[i][j] * factor, 6));
    });
  });

  it('decays the kernels of depthwise and separable convolutions', () => {
    const { depthwiseConv2d, separableConv2d, flatten, dense } = tf.layers;
    const model = tf.sequential({
      layers: [
        depthwiseConv2d({ inputShape: [6, 6, 1], kernelSize: 3, biasInitializer: 'ones' }),
        separableConv2d({ filters: 2, kernelSize: 2, biasInitializer: 'ones' }),
        flatten(),
        dense({ units: 3, biasInitializer: 'ones' }),
      ],
    });
    compileClassifier(model, { optimizer: 'sgd', learningRate: 0.5, weightDecay: 1 });
    const before = weightsOf(model);
    model.optimizer.applyGradients([]);
    const factors = weightsOf(model).map(([value], i) => value / before[i][0]);
    // Each layer's kernels, then its bias.
    expect(factors).toEqual([0.5, 1, 0.5, 0.5, 1, 0.5, 1]);
  });

  it('keeps no tensor', async () => {
    const model = classifier();
    disposeOptimizer(model.optimizer);
    compileClassifier(model, { optimizer: 'nesterov', weightDecay: 0.1, biasScale: 2 });
    await fit(model, { train: bars(2), epochs: 1 });
    const before = tf.memory().numTensors;
    await fit(model, { train: bars(2), epochs: 2 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('a resumed run with momentum, weight decay and bias scale has the same weights, bit for bit', async () => {
  const options: CompileOptions = {
    optimizer: 'nesterov',
    learningRate: 0.1,
    momentum: 0.8,
    weightDecay: 0.1,
    biasScale: 8,
  };
  const start = () => {
    const model = classifier();
    disposeOptimizer(model.optimizer);
    compileClassifier(model, options);
    return model;
  };
  const checkpoints = openCheckpoints(memoryStore());
  const [whole, first, second] = [start(), start(), start()];
  await fit(whole, { train: bars(3), epochs: 4 });
  await fit(first, { train: bars(3), epochs: 2, checkpoints });
  await fit(second, { train: bars(3), epochs: 4, checkpoints, resume: true });
  expect(weightsOf(second)).toEqual(weightsOf(whole));
  expect(weightsOf(first)).not.toEqual(weightsOf(whole));
});

it('refuses rules that are out of range or that the optimizer does not support', () => {
  const refuse = (options: CompileOptions, message: string) =>
    expect(() => compileClassifier(classifier(), options)).toThrow(message);
  refuse({ weightDecay: -1 }, 'Expected weightDecay to be a number >= 0, got -1');
  refuse(
    { learningRate: 2, weightDecay: 0.5 },
    'Expected learningRate times weightDecay to be below 1, got 2 x 0.5',
  );
  refuse({ biasScale: 64 }, 'Expected the optimizer sgd, momentum or nesterov with biasScale, got adam');
  refuse({ optimizer: 'sgd', biasScale: 0 }, 'Expected biasScale to be a number >=');
  refuse(
    { optimizer: 'sgd', momentum: 0.9 },
    'Expected the optimizer momentum or nesterov with momentum, got sgd',
  );
  refuse({ optimizer: 'momentum', momentum: 1 }, 'Expected momentum to be below 1, got 1');
});
