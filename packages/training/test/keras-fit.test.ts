import { readFileSync } from 'node:fs';
import type { ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileClassifier, fit, type ClassWeights, type CompileOptions } from '../src/index.js';

interface Case extends Outcome {
  readonly optimizer: NonNullable<CompileOptions['optimizer']>;
  readonly rate: number;
  readonly decay?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly targets?: 'hard' | 'soft';
  readonly classWeights?: ClassWeights;
  readonly labelSmoothing?: number;
}

interface Outcome {
  readonly loss: number[];
  readonly accuracy: number[];
  readonly kernel: number[];
  readonly bias: number[];
}

const { given, cases } = JSON.parse(
  readFileSync(new URL('fixtures/keras-fit.json', import.meta.url), 'utf8'),
) as { given: Record<'shape' | 'pixels' | 'labels' | 'soft' | 'kernel' | 'bias', number[]>; cases: Case[] };

const [count, height, width, channels] = given.shape;
const batch: ImageBatch = {
  ...{ kind: 'image-batch', name: 'keras', count, height, width, channels, epoch: 0, step: 0 },
  pixels: Uint8Array.from(given.pixels),
  labels: Int32Array.from(given.labels),
  classNames: ['a', 'b', 'c'],
  indices: Uint32Array.from(given.labels.keys()),
};

/** The rate of each step in Keras's InverseTimeDecay, set before it. */
const decays = (model: tf.LayersModel, { rate, decay = 0 }: Case) =>
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
  tf.tidy(() => model.setWeights([tf.tensor(given.kernel, [16, 3]), tf.tensor(given.bias)]));
  compileClassifier(model, { optimizer, learningRate: rate, momentum, weightDecay });
  const images = targets === 'soft' ? { ...batch, targets: Float32Array.from(given.soft) } : batch;
  const history = await fit(model, {
    train: () => [images],
    epochs: loss.length,
    callbacks: [decays(model, test)],
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

describe('fit does what that of Keras does', () => {
  it.each(
    cases.map((test) => {
      const { loss, accuracy, kernel, bias, ...settings } = test;
      return [JSON.stringify(settings), test, { loss, accuracy, kernel, bias }] as const;
    }),
  )('with %s: loss, unweighted accuracy, and the weights in the end', async (_, test, expected) => {
    const got = await train(test);
    // Keras's Adam adds epsilon to a moment that is not corrected for its bias: its steps are a little shorter.
    const tolerance = test.optimizer === 'adam' ? 1e-5 : 2e-6;
    for (const name of ['loss', 'accuracy', 'kernel', 'bias'] as const)
      got[name].forEach((value, i) => {
        const error = Math.abs(value - expected[name][i]) / Math.max(1, Math.abs(value));
        expect(error, `${name}[${i}]`).toBeLessThan(tolerance);
      });
  });
});
