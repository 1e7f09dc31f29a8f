import { readFileSync } from 'node:fs';
import type { ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileClassifier, fit, type ClassWeight, type CompileOptions } from '../src/index.js';

interface Case extends Outcome {
  readonly optimizer: NonNullable<CompileOptions['optimizer']>;
  readonly rate: number;
  readonly decay?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly targets?: 'hard' | 'soft';
  readonly classWeights?: ClassWeight;
  readonly labelSmoothing?: number;
}

interface Outcome {
  readonly loss: number[];
  readonly accuracy: number[];
  readonly kernel: number[];
  readonly bias: number[];
}

const { inputs, cases } = JSON.parse(
  readFileSync(new URL('fixtures/keras-fit.json', import.meta.url), 'utf8'),
) as { inputs: Record<'shape' | 'pixels' | 'labels' | 'soft' | 'kernel' | 'bias', number[]>; cases: Case[] };

const [count, height, width, channels] = inputs.shape;
const batch: ImageBatch = {
  ...{ kind: 'image-batch', name: 'keras', count, height, width, channels, epoch: 0, step: 0 },
  pixels: Uint8Array.from(inputs.pixels),
  labels: Int32Array.from(inputs.labels),
  classNames: ['a', 'b', 'c'],
  indices: Uint32Array.from(inputs.labels.keys()),
};

/** Sets the learning rate of Keras's InverseTimeDecay before each step. */
const inverseTimeDecay = (model: tf.LayersModel, { rate, decay = 0 }: Case) =>
  new tf.CustomCallback({
    onEpochBegin: async (step) => {
      const optimizer = model.optimizer as unknown as {
        learningRate: number;
        setLearningRate?(rate: number): void;
      };
      optimizer.learningRate = rate / (1 + decay * step);
      optimizer.setLearningRate?.(optimizer.learningRate);
    },
  });

async function train(test: Case): Promise<Outcome> {
  const { optimizer, rate, momentum, weightDecay, targets, classWeights, labelSmoothing, loss } = test;
  const { flatten, dense } = tf.layers;
  const model = tf.sequential({
    layers: [flatten({ inputShape: [height, width, channels] }), dense({ units: 3, activation: 'softmax' })],
  });
  tf.tidy(() => model.setWeights([tf.tensor(inputs.kernel, [16, 3]), tf.tensor(inputs.bias)]));
  compileClassifier(model, { optimizer, learningRate: rate, momentum, weightDecay });
  const images = targets === 'soft' ? { ...batch, targets: Float32Array.from(inputs.soft) } : batch;
  const history = await fit(model, {
    train: () => [images],
    epochs: loss.length,
    callbacks: [inverseTimeDecay(model, test)],
    classWeights,
    labelSmoothing,
  });
  const [kernel, bias] = model.getWeights().map((weight) => [...weight.dataSync()]);
  return {
    loss: history.map((epoch) => epoch.loss),
    accuracy: history.map((epoch) => epoch.accuracy),
    kernel,
    bias,
  };
}

beforeAll(() => tf.setBackend('cpu'));

describe('fit is equal to the fit of Keras', () => {
  it.each(
    cases.map((test) => {
      const { loss, accuracy, kernel, bias, ...settings } = test;
      return [JSON.stringify(settings), test, { loss, accuracy, kernel, bias }] as const;
    }),
  )('with %s: loss, unweighted accuracy and final weights', async (_, test, expected) => {
    const actual = await train(test);
    // Keras's Adam adds epsilon before the bias correction: its steps are a little shorter.
    const tolerance = test.optimizer === 'adam' ? 1e-5 : 2e-6;
    for (const name of ['loss', 'accuracy', 'kernel', 'bias'] as const)
      actual[name].forEach((value, i) => {
        const error = Math.abs(value - expected[name][i]) / Math.max(1, Math.abs(value));
        expect(error, `${name}[${i}]`).toBeLessThan(tolerance);
      });
  });
});
