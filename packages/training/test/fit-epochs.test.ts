import { memoryStore } from '@convlens/storage';
import type { BatchSource, ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, network, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** Notes which batch (pass/step) was asked for. */
const noting =
  (seen: string[], source: BatchSource = bars(3)): BatchSource =>
  (pass) =>
    (source(pass) as ImageBatch[]).map((batch) => ({
      ...batch,
      get pixels() {
        const name = `${batch.epoch}/${batch.step}`;
        if (seen.at(-1) !== name) seen.push(name);
        return batch.pixels;
      },
    }));
const refuse = (change: Partial<FitOptions>) =>
  expect(fit(network(), { train: bars(1), epochs: 2, ...change })).rejects;

describe('an epoch of so many steps', () => {
  it('goes on where the last one ended, over as many passes as it takes, and callbacks count its own steps', async () => {
    const seen: string[] = [];
    const steps: number[] = [];
    const count = new tf.CustomCallback({ onBatchEnd: async (step) => void steps.push(step) });
    const history = await fit(network(), {
      train: noting(seen),
      epochs: 3,
      stepsPerEpoch: 4,
      callbacks: [count],
    });
    expect(seen).toEqual([
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

  it('makes the same steps as epochs that are passes, and ends with the same weights', async () => {
    const [passes, cut] = [network(), network()];
    await fit(passes, { train: bars(3), epochs: 4 });
    await fit(cut, { train: bars(3), epochs: 6, stepsPerEpoch: 2 });
    expect(weightsOf(cut)).toEqual(weightsOf(passes));
  });

  it.each([1, 2, 3, 4])('goes on at the next batch when it is resumed after epoch %i', async (epochs) => {
    const whole: string[] = [];
    const model = network();
    const run = { epochs: 5, stepsPerEpoch: 4 };
    await fit(model, { ...run, train: noting(whole) });

    const checkpoints = openCheckpoints(memoryStore());
    const parts: string[] = [];
    await fit(network(), { ...run, epochs, train: noting(parts), checkpoints });
    const resumed = network({ seed: 1 });
    await fit(resumed, { ...run, train: noting(parts), checkpoints, resume: true });
    expect(parts).toEqual(whole);
    expect(weightsOf(resumed)).toEqual(weightsOf(model));
  });

  it('lets a source that it leaves within a pass put things in order', async () => {
    let open = 0;
    const source: BatchSource = async function* (pass) {
      open++;
      try {
        yield* bars(3)(pass);
      } finally {
        open--;
      }
    };
    await fit(network(), { train: source, epochs: 1, stepsPerEpoch: 2 });
    expect(open).toBe(0);
    const failing = new tf.CustomCallback({ onBatchEnd: () => Promise.reject(new Error('no more')) });
    await expect(fit(network(), { train: source, epochs: 1, callbacks: [failing] })).rejects.toThrow(
      'no more',
    );
    expect(open).toBe(0);
  });

  it('is refused without a step', async () => {
    await refuse({ stepsPerEpoch: 0 }).toThrow('Expected stepsPerEpoch to be an integer >= 1, got 0');
  });
});

describe('validateEvery', () => {
  it('measures after every so many epochs alone, and the others have no validation in their record', async () => {
    let measured = 0;
    // A look at its first batch, before the training, is no validation.
    const validation: BatchSource = function* (pass) {
      yield* bars(1)(pass) as ImageBatch[];
      measured++;
    };
    const history = await fit(network(), { train: bars(1), validation, epochs: 5, validateEvery: 2 });
    expect(measured).toBe(2);
    expect(history.map(({ valLoss }) => valLoss !== undefined)).toEqual([false, true, false, true, false]);
    expect(history.map(({ valAccuracy }) => valAccuracy !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('is refused below 1, and without validation', async () => {
    await refuse({ validateEvery: 0, validation: bars(1) }).toThrow(
      'Expected validateEvery to be an integer >= 1, got 0',
    );
    await refuse({ validateEvery: 2 }).toThrow('Expected validation with validateEvery 2, got none');
  });
});
