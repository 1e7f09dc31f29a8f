import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { reduceLROnPlateau, type LearningRateCut, type ReduceLROnPlateauOptions } from '../../src/index.js';
import { begin, endEpoch, logsOf, oneWeightModel } from '../drive.js';
import { golden, numberOf, optionsOf, startsWithNaN } from '../golden.js';

interface Run {
  readonly options: ReduceLROnPlateauOptions;
  readonly values: readonly (number | undefined)[];
  readonly rate: number;
  /** The epoch before which the callback is replaced by a new one with the same state; default never. */
  readonly splitAt?: number;
}

/** Per epoch: the rate in the logs, the rate after the epoch, and the state. */
async function trace({ options, values, rate, splitAt }: Run) {
  const model = oneWeightModel(rate, tf.train.adam(rate));
  const optimizer = model.optimizer as unknown as { learningRate: number };
  let callback = reduceLROnPlateau(options);
  await begin(callback, model);
  const epochs = [];
  for (const [epoch, value] of values.entries()) {
    if (epoch === splitAt) {
      const state = structuredClone(callback.getState());
      callback = reduceLROnPlateau(options);
      await begin(callback, model);
      callback.setState(state);
    }
    const logs = logsOf(options.monitor!, value);
    const end = endEpoch(callback, { model, epoch, logs });
    if (value === undefined) await expect(end).rejects.toThrow('a logged metric (unrelated,');
    else await end;
    const { best, wait, cooldown } = callback.getState();
    epochs.push({ logged: logs.learning_rate, after: optimizer.learningRate, best, wait, cooldown });
  }
  model.dispose();
  return epochs;
}

const cases = golden.ReduceLROnPlateau.map((test, i) => ({
  ...test,
  title: `${i}: ${test.note ?? test.monitor}`,
}));
const runOf = (test: (typeof cases)[number]): Run => ({
  options: optionsOf(test),
  values: test.values.map(numberOf),
  rate: test.initial_lr,
});

describe("reduceLROnPlateau is equal to Keras's ReduceLROnPlateau", () => {
  const comparable = cases.filter((test) => !startsWithNaN(test));

  it('in all 76 cases except the 5 that begin with NaN', () => {
    expect([cases.length, comparable.length]).toEqual([76, 71]);
  });

  it.each(comparable)('$title', async (test) => {
    const epochs = await trace(runOf(test));
    expect(epochs).toEqual(
      test.expected.map(({ lr_logged, lr_after, wait, cooldown, best }) => ({
        logged: expect.closeTo(lr_logged, 6 - Math.log10(lr_logged)),
        after: expect.closeTo(lr_after, 6 - Math.log10(lr_after)),
        wait,
        cooldown,
        best: numberOf(best),
      })),
    );
  });

  it.each(golden.ReduceLROnPlateau_float32_edge)('at the edge of float32: $note', async (test) => {
    const epochs = await trace(runOf({ ...test, title: '' }));
    expect(epochs.map(({ after }) => after)).toEqual(test.expected.map(({ lr_after }) => lr_after));
  });
});

describe('reduceLROnPlateau', () => {
  it('counts a NaN at the start as no improvement and the first number as one, unlike Keras', async () => {
    for (const test of cases.filter(startsWithNaN)) {
      const [first, second] = await trace(runOf(test));
      expect(first.best).toBeNull();
      expect(second).toMatchObject({ best: test.values[1], wait: 0 });
    }
  });

  it('continues exactly from the state after any epoch', async () => {
    for (const test of cases) {
      const run = runOf(test);
      const whole = await trace(run);
      for (let splitAt = 0; splitAt < run.values.length; splitAt++)
        expect(await trace({ ...run, splitAt })).toEqual(whole);
    }
  });

  it('is reset at train begin', async () => {
    const model = oneWeightModel();
    const callback = reduceLROnPlateau({ patience: 2, cooldown: 3 });
    const fresh = callback.getState();
    await begin(callback, model);
    for (let epoch = 0; epoch < 3; epoch++) await endEpoch(callback, { model, epoch, logs: { val_loss: 1 } });
    expect(callback.getState()).toEqual({ best: 1, wait: 0, cooldown: 3 });
    await begin(callback, model);
    expect(callback.getState()).toEqual(fresh);
  });

  it('calls onReduce with each cut, but not at the lowest rate', async () => {
    const cuts: LearningRateCut[] = [];
    const options = {
      patience: 1,
      factor: 0.5,
      minLr: 0.125,
      onReduce: (cut: LearningRateCut) => void cuts.push(cut),
    };
    await trace({ options: { ...options, monitor: 'loss' }, values: [1, 1, 1, 1, 1], rate: 0.5 });
    expect(cuts).toEqual([
      { epoch: 1, from: 0.5, to: 0.25 },
      { epoch: 2, from: 0.25, to: 0.125 },
    ]);
  });

  it('compares the rate with the lowest one in float32, as training uses it', async () => {
    const options = { monitor: 'loss', patience: 1, minLr: 0.01, cooldown: 5 };
    const epochs = await trace({ options, values: [1, 1, 1, 1, 1, 1, 1, 1], rate: 0.1 });
    expect(0.1 * 0.1).toBeGreaterThan(0.01);
    expect(epochs.at(-1)).toMatchObject({ cooldown: 0, wait: 2 });
  });

  it('has the metric in the name of its state, so that two can be used together', () => {
    expect(reduceLROnPlateau().stateName).toBe('reduceLROnPlateau-val_loss');
    expect(reduceLROnPlateau({ monitor: 'acc' }).stateName).toBe('reduceLROnPlateau-acc');
  });

  it.each([
    [{ factor: 1 }, 'Expected factor to be below 1, got 1'],
    [{ factor: -0.5 }, 'Expected factor to be a number >= 0, got -0.5'],
    [{ patience: 1.5 }, 'Expected patience to be an integer >= 0, got 1.5'],
    [{ cooldown: -1 }, 'Expected cooldown to be an integer >= 0, got -1'],
    [{ minLr: -1 }, 'Expected minLr to be a number >= 0, got -1'],
    [
      { monitor: 'val_foo' },
      'Expected monitor to be loss, accuracy or acc, also with val_, got "val_foo": with another metric, set mode to min or max',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => reduceLROnPlateau(options)).toThrow(new InputError(message));
  });

  it.each([
    [{ best: 'low', wait: 0, cooldown: 0 }, 'Expected state.best to be a number or null, got string'],
    [{ best: 1, wait: -1, cooldown: 0 }, 'Expected state.wait to be an integer >= 0, got -1'],
    [{ best: 1, wait: 0 }, 'Expected state.cooldown to be an integer >= 0, got undefined'],
  ])('refuses the state %o', (state, message) => {
    expect(() => reduceLROnPlateau().setState(state)).toThrow(new InputError(message));
  });
});
