import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  cosineDecay,
  getLearningRate,
  inverseTimeDecay,
  learningRateScheduler,
  stepDecay,
  warmUp,
  type LearningRateSchedule,
} from '../../src/index.js';
import { begin, oneWeightModel } from '../drive.js';
import { golden, type ScheduleCase } from '../golden.js';

/**
 * The schedule of a golden case: a function of this package if there is one, else the formula in the file.
 */
function scheduleOf({ schedule }: ScheduleCase): LearningRateSchedule {
  const { kind, ...numbers } = schedule;
  const { base, drop, every, decay, min, epochs, warm, start, k } = numbers as Record<string, number>;
  const { from, values } = numbers as unknown as Record<string, number[]>;
  const kinds: Record<string, () => LearningRateSchedule> = {
    step: () => stepDecay({ initialLearningRate: base, factor: drop, every }),
    epoch_only: () => inverseTimeDecay({ initialLearningRate: base, decay }),
    cosine: () => cosineDecay({ initialLearningRate: base, total: epochs, minLearningRate: min }),
    warmup: () => warmUp(() => base, { steps: warm }),
    piecewise: () =>
      stepDecay({ initialLearningRate: values[0], factor: values[1] / values[0], every: from.slice(1) }),
    halve_every: () => (epoch, rate) => (epoch > 0 && epoch % every === 0 ? rate * 0.5 : rate),
    exp_after: () => (epoch, rate) => (epoch < start ? rate : rate * Math.exp(-k)),
  };
  return kinds[kind as string]();
}

const cases = golden.LearningRateScheduler.map((test, i) => ({
  ...test,
  title: `${i}: ${test.schedule.kind}`,
}));

describe("learningRateScheduler is equal to Keras's LearningRateScheduler", () => {
  it('in all 21 cases', () => expect(cases).toHaveLength(21));

  it.each(cases)('$title', async (test) => {
    const model = oneWeightModel(test.initial_lr, tf.train.adam(test.initial_lr));
    const callback = learningRateScheduler(scheduleOf(test));
    await begin(callback, model);
    for (const [epoch, { lr_during, lr_logged }] of test.expected.entries()) {
      const logs: Record<string, number> = { loss: 1 };
      await callback.onEpochBegin(epoch);
      await callback.onBatchBegin();
      expect(Math.abs(getLearningRate(model.optimizer) / lr_during - 1)).toBeLessThan(1e-6);
      await callback.onEpochEnd(epoch, logs);
      expect(Math.abs(logs.learning_rate / lr_logged - 1)).toBeLessThan(1e-6);
    }
    model.dispose();
  });
});

describe('learningRateScheduler by steps', () => {
  async function ratesOf(
    epochs: readonly number[],
    { state, steps }: { state?: object; steps?: number } = {},
  ) {
    const model = oneWeightModel(1);
    const callback = learningRateScheduler((step) => step + 1, { unit: 'step' });
    await begin(callback, model);
    if (steps) callback.setParams({ steps });
    if (state) callback.setState(state as never);
    const rates: number[] = [];
    for (const epoch of epochs) {
      await callback.onEpochBegin(epoch);
      for (let step = 0; step < 3; step++) {
        await callback.onBatchBegin();
        rates.push(getLearningRate(model.optimizer));
      }
    }
    model.dispose();
    return { rates, state: structuredClone(callback.getState()) };
  }

  it('sets the rate before each batch, with steps counted across epochs', async () => {
    expect((await ratesOf([0, 1])).rates).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('continues from its state', async () => {
    const { state } = await ratesOf([0]);
    expect(state).toEqual({ step: 3 });
    expect((await ratesOf([1], { state })).rates).toEqual([4, 5, 6]);
  });

  it('counts the steps of the epochs before the first one, if their number is known', async () => {
    expect((await ratesOf([2], { steps: 3 })).rates).toEqual([7, 8, 9]);
  });
});

describe('learningRateScheduler', () => {
  it('works in the fit of TensorFlow.js', async () => {
    const model = oneWeightModel(1);
    const x = tf.zeros([4, 1]);
    const { history } = await model.fit(x, x, {
      epochs: 3,
      batchSize: 2,
      verbose: 0,
      callbacks: [learningRateScheduler(stepDecay({ initialLearningRate: 0.5, factor: 0.5, every: 1 }))],
    });
    expect(history.learning_rate).toEqual([0.5, 0.25, 0.125]);
    x.dispose();
    model.dispose();
  });

  it.each([
    ['0.1', 'got "0.1"'],
    [NaN, 'got null'],
    [-1, 'got -1'],
    [undefined, 'got undefined'],
  ])('ends training if the schedule returns %o', async (value, actual) => {
    const model = oneWeightModel();
    const callback = learningRateScheduler(() => value as number);
    await begin(callback, model);
    await expect(callback.onEpochBegin(2)).rejects.toThrow(
      `Expected schedule to return a learning rate >= 0 for epoch 2, ${actual}`,
    );
    model.dispose();
  });

  it('refuses a schedule that is not a function, and an unknown unit', () => {
    expect(() => learningRateScheduler(0.1 as never)).toThrow(
      new InputError('Expected schedule to be a function, got number'),
    );
    expect(() => learningRateScheduler(() => 1, { unit: 'batch' as 'step' })).toThrow(
      new InputError('Expected unit to be one of epoch, step, got "batch"'),
    );
  });
});
