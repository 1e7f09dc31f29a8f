import { memoryStore } from '@convlens/storage';
import type { BatchSource, ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, classifier, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** Records the batches (pass/step) whose pixels are read. */
const recording =
  (names: string[], source: BatchSource = bars(3)): BatchSource =>
  (pass) =>
    (source(pass) as ImageBatch[]).map((batch) => ({
      ...batch,
      get pixels() {
        const name = `${batch.epoch}/${batch.step}`;
        if (names.at(-1) !== name) names.push(name);
        return batch.pixels;
      },
    }));
const refuse = (change: Partial<FitOptions>) =>
  expect(fit(classifier(), { train: bars(1), epochs: 2, ...change })).rejects;

describe('stepsPerEpoch', () => {
  it('continues where the last epoch ended, and callbacks count the steps of the epoch', async () => {
    const batches: string[] = [];
    const steps: number[] = [];
    const count = new tf.CustomCallback({ onBatchEnd: async (step) => void steps.push(step) });
    const history = await fit(classifier(), {
      train: recording(batches),
      epochs: 3,
      stepsPerEpoch: 4,
      callbacks: [count],
    });
    expect(batches).toEqual([
      '0/0',
      '0/1',
      '0/2',
      '1/0',
      '1/1',
      '1/2',
      '2/0',
      '2/1',
      '2/2',
      '3/0',
      '3/1',
      '3/2',
    ]);
    expect(steps).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect(history).toHaveLength(3);
  });

  it('has the same steps and final weights as epochs that are passes', async () => {
    const [passes, cut] = [classifier(), classifier()];
    await fit(passes, { train: bars(3), epochs: 4 });
    await fit(cut, { train: bars(3), epochs: 6, stepsPerEpoch: 2 });
    expect(weightsOf(cut)).toEqual(weightsOf(passes));
  });

  it.each([1, 2, 3, 4])('continues with the next batch after a resume at epoch %i', async (epochs) => {
    const whole: string[] = [];
    const model = classifier();
    const run = { epochs: 5, stepsPerEpoch: 4 };
    await fit(model, { ...run, train: recording(whole) });

    const checkpoints = openCheckpoints(memoryStore());
    const parts: string[] = [];
    await fit(classifier(), { ...run, epochs, train: recording(parts), checkpoints });
    const resumed = classifier({ seed: 1 });
    await fit(resumed, { ...run, train: recording(parts), checkpoints, resume: true });
    expect(parts).toEqual(whole);
    expect(weightsOf(resumed)).toEqual(weightsOf(model));
  });

  it('closes the iterator of a source within a pass', async () => {
    let open = 0;
    const source: BatchSource = async function* (pass) {
      open++;
      try {
        yield* bars(3)(pass);
      } finally {
        open--;
      }
    };
    await fit(classifier(), { train: source, epochs: 1, stepsPerEpoch: 2 });
    expect(open).toBe(0);
    const failing = new tf.CustomCallback({ onBatchEnd: () => Promise.reject(new Error('no more')) });
    await expect(fit(classifier(), { train: source, epochs: 1, callbacks: [failing] })).rejects.toThrow(
      'no more',
    );
    expect(open).toBe(0);
  });

  it('is refused below 1', async () => {
    await refuse({ stepsPerEpoch: 0 }).toThrow('Expected stepsPerEpoch to be an integer >= 1, got 0');
  });
});

describe('validateEvery', () => {
  it('is the number of epochs between records with validation metrics', async () => {
    let validations = 0;
    // The check of the first batch before training does not reach the end.
    const validation: BatchSource = function* (pass) {
      yield* bars(1)(pass) as ImageBatch[];
      validations++;
    };
    const history = await fit(classifier(), { train: bars(1), validation, epochs: 5, validateEvery: 2 });
    expect(validations).toBe(2);
    expect(history.map(({ valLoss }) => valLoss !== undefined)).toEqual([false, true, false, true, false]);
    expect(history.map(({ valAccuracy }) => valAccuracy !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it.each([
    [1, [0, 1, 2, 3, 4, 5, 6]],
    [3, [2, 5]],
    [4, [3]],
    [7, [6]],
    [8, []],
  ])('of %i counts epochs from 1', async (validateEvery, validated) => {
    const validation = bars(1, 2);
    const history = await fit(classifier(), { train: bars(1, 2), validation, epochs: 7, validateEvery });
    const withValidation = history.filter(({ valLoss }) => valLoss !== undefined);
    expect(withValidation.map(({ epoch }) => epoch)).toEqual(validated);
  });

  it('is refused below 1, and without validation', async () => {
    await refuse({ validateEvery: 0, validation: bars(1) }).toThrow(
      'Expected validateEvery to be an integer >= 1, got 0',
    );
    await refuse({ validateEvery: 2 }).toThrow('Expected validation with validateEvery 2, got none');
  });
});
