import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { earlyStopping, type EarlyStoppingOptions } from '../../src/index.js';
import { begin, endEpoch, logsOf, oneWeightModel, weightOf } from '../drive.js';
import { golden, numberOf, optionsOf, startsWithNaN } from '../golden.js';

interface Run {
  readonly options: EarlyStoppingOptions;
  readonly values: readonly (number | undefined)[];
  /**
   * The epoch before which callback and model are replaced by new ones with the same state; default never.
   */
  readonly splitAt?: number;
}

/** The state after each epoch until the callback stops training, and the result. */
async function trace({ options, values, splitAt }: Run) {
  let model = oneWeightModel();
  let callback = earlyStopping(options);
  await begin(callback, model);
  const epochs = [];
  for (const [epoch, value] of values.entries()) {
    if (epoch === splitAt) {
      const state = structuredClone(callback.getState());
      model.dispose();
      model = oneWeightModel();
      callback = earlyStopping(options);
      await begin(callback, model);
      callback.setState(state);
    }
    const end = endEpoch(callback, { model, epoch, logs: logsOf(options.monitor!, value) });
    if (value === undefined) await expect(end).rejects.toThrow('a logged metric (unrelated)');
    else await end;
    const { best, wait } = callback.getState();
    epochs.push({ best, wait, stop: model.stopTraining });
    if (model.stopTraining) break;
  }
  await callback.onTrainEnd();
  const { bestEpoch, stoppedEpoch } = callback;
  const result = { epochs, bestEpoch, stoppedEpoch, weightsFrom: weightOf(model) };
  model.dispose();
  return result;
}

const cases = golden.EarlyStopping.map((test, i) => ({
  ...test,
  title: `${i}: ${test.note ?? test.monitor}`,
}));
const runOf = (test: (typeof cases)[number]): Run => ({
  options: optionsOf(test),
  values: test.values.map(numberOf),
});
const expectedOf = ({ expected }: (typeof cases)[number]) => ({
  epochs: expected.epochs.map(({ wait, best, stop }) => ({ wait, best: numberOf(best) ?? null, stop })),
  bestEpoch: expected.best_epoch,
  stoppedEpoch: expected.stopped_epoch,
  weightsFrom: expected.weights_from_epoch_at_end,
});

describe("earlyStopping is equal to Keras's EarlyStopping", () => {
  const comparable = cases.filter((test) => !startsWithNaN(test));

  it('in all 80 cases except the 2 that begin with NaN', () => {
    expect([cases.length, comparable.length]).toEqual([80, 78]);
  });

  it.each(comparable)('$title', async (test) => {
    expect(await trace(runOf(test))).toEqual(expectedOf(test));
  });

  it.each(golden.EarlyStopping_float32_edge)('at the edge of float32: $note', async (test) => {
    const edge = { ...test, title: '' };
    expect(await trace(runOf(edge))).toEqual(expectedOf(edge));
  });
});

describe('earlyStopping', () => {
  it('ignores an epoch without validation', async () => {
    const model = oneWeightModel();
    const callback = earlyStopping({ patience: 2 });
    await begin(callback, model);
    callback.setParams({ metrics: ['loss', 'val_loss'] } as never);
    const losses = [undefined, 1, undefined, 2, undefined, 3];
    for (const [epoch, val_loss] of losses.entries()) {
      expect(model.stopTraining).toBe(false);
      await callback.onEpochEnd(epoch, val_loss === undefined ? { loss: 1 } : { loss: 1, val_loss });
    }
    expect(model.stopTraining).toBe(true);
    expect(callback.stoppedEpoch).toBe(5);
    model.dispose();
  });

  it('counts a NaN at the start as no improvement and the first number as one, unlike Keras', async () => {
    for (const test of cases.filter(startsWithNaN)) {
      const { epochs } = await trace(runOf(test));
      expect(epochs.slice(0, 2)).toMatchObject([{ best: null }, { best: test.values[1], wait: 0 }]);
    }
  });

  it('continues exactly from the state after any epoch, including best weights', async () => {
    for (const test of cases) {
      const run = runOf(test);
      const whole = await trace(run);
      for (let splitAt = 0; splitAt < whole.epochs.length; splitAt++)
        expect(await trace({ ...run, splitAt })).toEqual(whole);
    }
  });

  it('stops again with a state that had stopped, except with more patience', async () => {
    const model = oneWeightModel();
    const stopped = earlyStopping({ patience: 1 });
    await begin(stopped, model);
    for (let epoch = 0; epoch < 2; epoch++) await endEpoch(stopped, { model, epoch, logs: { val_loss: 1 } });
    const resumed = (patience: number) => {
      const next = earlyStopping({ patience });
      return begin(next, model).then(() => {
        next.setState(stopped.getState());
        return { stopTraining: model.stopTraining, stoppedEpoch: next.stoppedEpoch };
      });
    };
    expect(await resumed(1)).toEqual({ stopTraining: true, stoppedEpoch: 1 });
    expect(await resumed(2)).toEqual({ stopTraining: false, stoppedEpoch: 0 });
  });

  it('is reset at train begin', async () => {
    const model = oneWeightModel();
    const callback = earlyStopping({ patience: 1, restoreBestWeights: true });
    const fresh = callback.getState();
    await begin(callback, model);
    for (let epoch = 0; epoch < 3; epoch++)
      await endEpoch(callback, { model, epoch, logs: { val_loss: 2 - epoch } });
    expect(callback.getState()).toMatchObject({ best: 0, bestEpoch: 2, weight0: Float32Array.of(2) });
    await begin(callback, model);
    expect(callback.getState()).toEqual(fresh);
  });

  it('keeps the best weights while training changes them, and keeps no tensor', async () => {
    const model = oneWeightModel();
    const callback = earlyStopping({ patience: 9, restoreBestWeights: true });
    await begin(callback, model);
    const before = tf.memory().numTensors;
    for (const [epoch, loss] of [3, 1, 2].entries())
      await endEpoch(callback, { model, epoch, logs: { val_loss: loss } });
    expect(weightOf(model)).toBe(2);
    await callback.onTrainEnd();
    await callback.onTrainEnd();
    expect(weightOf(model)).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ patience: -1 }, 'Expected patience to be an integer >= 0, got -1'],
    [{ startFromEpoch: 0.5 }, 'Expected startFromEpoch to be an integer >= 0, got 0.5'],
    [{ baseline: NaN }, 'Expected baseline to be a number, got NaN'],
    [
      { monitor: 'val_foo' },
      'Expected monitor to be loss, accuracy or acc, also with val_, got "val_foo": with another metric, set mode to min or max',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => earlyStopping(options)).toThrow(new InputError(message));
  });

  it('refuses a state whose weights do not fit the model, and is unchanged', async () => {
    const callback = earlyStopping({ restoreBestWeights: true });
    await begin(callback, oneWeightModel());
    const before = callback.getState();
    const state = { best: 1, bestEpoch: 3, stoppedEpoch: 0, wait: 0, weight0: Float32Array.of(1, 2) };
    expect(() => callback.setState(state)).toThrow(new InputError('Expected weights of 1 values, got 2'));
    expect(callback.getState()).toEqual(before);
  });

  it.each(['', '{', '5', '{"a":1}', '[1]', `${'['.repeat(500)}${']'.repeat(500)}`])(
    'refuses a state whose names of weights are %j',
    async (weightNames) => {
      const callback = earlyStopping({ restoreBestWeights: true });
      await begin(callback, oneWeightModel());
      const state = {
        best: 1,
        bestEpoch: 3,
        stoppedEpoch: 0,
        wait: 0,
        weight0: Float32Array.of(1),
        weightNames,
      };
      expect(() => callback.setState(state)).toThrow(/^Expected state\.weightNames to /);
    },
  );
});
