import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileClassifier, fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, classifier, SIZE, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const run: FitOptions = { train: bars(1, 4), epochs: 2 };
const REFUSED = new InputError(
  'Expected a model that no other fit trains, got one whose fit has not ended: await it, or train a second model',
);
const THEIRS = 'Cannot start training because another fit() call is ongoing.';
const data = () => [tf.ones([4, SIZE, SIZE, 1]), tf.oneHot(tf.tensor1d([0, 1, 2, 0], 'int32'), 3).toFloat()];
const dataset = () => ({
  size: 1,
  iterator: async () => {
    let isRead = false;
    return {
      next: async () => {
        const done = isRead;
        isRead = true;
        return done ? { done, value: null } : { done, value: { xs: data()[0], ys: data()[1] } };
      },
    };
  },
});

/** The same classifier as a functional model. */
function functional() {
  const input = tf.input({ shape: [SIZE, SIZE, 1] });
  const flat = tf.layers.flatten().apply(input);
  const output = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(flat) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  compileClassifier(model);
  return model;
}

describe.each([
  ['a sequential model', classifier],
  ['a functional model', functional],
])('a second fit of %s is refused', (_, build) => {
  it('while one runs, which is not disturbed', async () => {
    const [model, alone] = [build(), build()];
    alone.setWeights(model.getWeights());
    const first = fit(model, run);
    await expect(fit(model, run)).rejects.toThrow(REFUSED);
    await first;
    await fit(alone, run);
    expect(weightsOf(model)).toEqual(weightsOf(alone));
  });

  it('from a callback, in each hook', async () => {
    for (const hook of [
      'onTrainBegin',
      'onEpochBegin',
      'onBatchBegin',
      'onBatchEnd',
      'onEpochEnd',
      'onTrainEnd',
    ]) {
      const model = build();
      let calls = 0;
      const callback = new tf.CustomCallback({
        [hook]: async () => {
          if (calls++ === 0) await expect(fit(model, run)).rejects.toThrow(REFUSED);
        },
      });
      await fit(model, { ...run, callbacks: [callback] });
      expect(calls).toBeGreaterThan(0);
    }
  });

  it('while the fit or fitDataset of TensorFlow.js runs', async () => {
    const model = build();
    const [x, y] = data();
    const fitting = model.fit(x, y, { epochs: 2, verbose: 0 });
    await expect(fit(model, run)).rejects.toThrow(REFUSED);
    await fitting;
    const fittingDataset = model.fitDataset(dataset() as never, { epochs: 1, verbose: 0 });
    await expect(fit(model, run)).rejects.toThrow(REFUSED);
    await fittingDataset;
    expect(await fit(model, run)).toHaveLength(2);
  });

  it('by TensorFlow.js too', async () => {
    const model = build();
    const [x, y] = data();
    const first = fit(model, run);
    await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow(THEIRS);
    await expect(model.fitDataset(dataset() as never, { epochs: 1, verbose: 0 })).rejects.toThrow(THEIRS);
    await first;
    await model.fit(x, y, { verbose: 0 });
  });

  it('for a resume of the run that is under way', async () => {
    const [model, checkpoints] = [build(), openCheckpoints(memoryStore())];
    const first = fit(model, { ...run, checkpoints });
    await expect(fit(model, { ...run, checkpoints, resume: true })).rejects.toThrow(REFUSED);
    await first;
  });
});

describe('the next fit works', () => {
  const failures: Record<string, Partial<FitOptions>> = {
    'an error in a callback': {
      callbacks: [new tf.CustomCallback({ onBatchEnd: () => Promise.reject(new Error('broken')) })],
    },
    'an error when training begins': {
      callbacks: [new tf.CustomCallback({ onTrainBegin: () => Promise.reject(new Error('broken')) })],
    },
    'an abort': { signal: AbortSignal.abort() },
    'a source that throws': {
      train: () => {
        throw new Error('broken');
      },
    },
    'an invalid batch': {
      train: (epoch) =>
        [...(bars(1)(epoch) as Iterable<never>)].map((batch) => Object.assign(batch, { channels: 2 })),
    },
    'invalid validation batches': { validation: () => [] },
    'an option that is not valid': { epochs: 0 },
    'a checkpoint that cannot be written': {
      checkpoints: {
        save: () => Promise.reject(new Error('full')),
        latest: async () => undefined,
        expectEmpty: async () => {},
      },
    },
    'a refusal, as there are checkpoints': {
      checkpoints: {
        save: async () => {},
        latest: async () => undefined,
        expectEmpty: () => Promise.reject(new Error('found')),
      },
    },
  };

  it.each(Object.entries(failures))('after %s', async (_, options) => {
    const model = classifier();
    await expect(fit(model, { ...run, ...options })).rejects.toThrow();
    expect(await fit(model, run)).toHaveLength(2);
  });

  it('after a fit of TensorFlow.js that throws, and after ours throws theirs does', async () => {
    const model = classifier();
    const [x, y] = data();
    const callbacks = [new tf.CustomCallback({ onEpochBegin: () => Promise.reject(new Error('broken')) })];
    await expect(model.fit(x, y, { verbose: 0, callbacks })).rejects.toThrow('broken');
    await expect(fit(model, { ...run, callbacks })).rejects.toThrow('broken');
    await model.fit(x, y, { verbose: 0 });
    expect(await fit(model, run)).toHaveLength(2);
  });
});

it('two models train at once', async () => {
  const [one, other] = [classifier(), classifier()];
  await Promise.all([fit(one, run), fit(other, run)]);
  expect(weightsOf(one)).toEqual(weightsOf(other));
});
