import {
  cosineDecay,
  getLearningRate,
  inverseTimeDecay,
  oneCycle,
  stepDecay,
  warmUp,
} from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSchedule } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const context = { learningRate: 0.2, epochs: 4, stepsPerEpoch: 5 };

/** The learning rate before each of the twenty steps. */
async function ratesOf(text: string): Promise<number[]> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: tf.train.adam(context.learningRate), loss: 'meanSquaredError' });
  const callback = parseSchedule(text, context);
  callback.setParams({ steps: context.stepsPerEpoch } as never);
  callback.setModel(model);
  await callback.onTrainBegin();
  const rates: number[] = [];
  for (let epoch = 0; epoch < context.epochs; epoch++) {
    await callback.onEpochBegin(epoch);
    for (let step = 0; step < context.stepsPerEpoch; step++) {
      await callback.onBatchBegin();
      rates.push(getLearningRate(model.optimizer));
    }
  }
  model.dispose();
  return rates;
}

describe('parseSchedule', () => {
  it.each([
    ['one-cycle', oneCycle({ maxLearningRate: 0.2, total: 20 })],
    [
      'one-cycle:rise=0.5:start=0.1:end=0.01',
      oneCycle({
        maxLearningRate: 0.2,
        total: 20,
        riseFraction: 0.5,
        initialLearningRate: 0.02,
        finalLearningRate: 0.002,
      }),
    ],
    ['cosine', cosineDecay({ initialLearningRate: 0.2, total: 20 })],
    [
      'cosine:warmup=1:end=0.5',
      warmUp(cosineDecay({ initialLearningRate: 0.2, total: 15, minLearningRate: 0.1 }), { steps: 5 }),
    ],
    ['step:every=2:factor=0.5', stepDecay({ initialLearningRate: 0.2, every: 10, factor: 0.5 })],
    ['step:at=1/3', stepDecay({ initialLearningRate: 0.2, every: [5, 15] })],
    ['inverse-time:decay=0.25', inverseTimeDecay({ initialLearningRate: 0.2, decay: 0.25 })],
  ])('%s sets the learning rate of each step', async (text, schedule) => {
    expect(await ratesOf(text)).toEqual(
      Array.from({ length: 20 }, (_, step) => expect.closeTo(schedule(step, NaN), 12)),
    );
  });

  it.each([
    ['', 'there is no ""'],
    ['one-cycle:peak=3', 'one-cycle has no option "peak"'],
    ['one-cycle:rise', 'rise needs one value'],
    ['one-cycle:rise=0.1:rise=0.2', 'rise occurs twice'],
    ['one-cycle:rise=2', 'Expected rise to be a number from 0 to 1, got 2'],
    ['cosine:warmup=x', 'Expected warmup to be a number, got NaN'],
    ['cosine:warmup=5', 'Expected warmup to be a number from 0 to 4, got 5'],
    ['step', 'Expected either every or at'],
    ['step:every=10/20', 'Expected every to be a number, got NaN'],
    ['step:at=10/x', 'Expected at to be a number, got NaN'],
    ['step:every=0', 'Expected every to be an integer >= 1, got 0'],
    ['inverse-time:decay=-1', 'Expected decay to be a number >= 0, got -1'],
  ])('refuses "%s" with the reason', (text, message) => {
    expect(() => parseSchedule(text, context)).toThrow(message);
  });
});
