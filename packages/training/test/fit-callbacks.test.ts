import { memoryStore } from '@convlens/storage';
import type { MetricCallback } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, classifier } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const run: FitOptions = { train: bars(4), validation: bars(1), epochs: 3 };

/** A callback with state or metrics that records its onTrainBegin. */
const callbackWith = (properties: MetricCallback & { stateName?: string }, called: string[] = []) =>
  Object.assign(new tf.CustomCallback({ onTrainBegin: async () => void called.push('begin') }), {
    ...properties,
    ...(properties.stateName && { getState: () => ({}), setState: () => {} }),
  });

describe('a callback that sets stopTraining within an epoch', () => {
  it('ends training; validation, onEpochEnd and onTrainEnd follow, as in Keras', async () => {
    const model = classifier();
    const order: string[] = [];
    const stop = new tf.CustomCallback({
      onBatchEnd: async (step) => {
        order.push(`batch ${step}`);
        if (order.length === 6) model.stopTraining = true;
      },
      onEpochEnd: async (epoch, logs) => void order.push(`epoch ${epoch} ${'val_loss' in logs!}`),
      onTrainEnd: async () => void order.push('end'),
    });
    const checkpoints = openCheckpoints(memoryStore());
    const history = await fit(model, { ...run, callbacks: [stop], checkpoints });
    expect(order).toEqual([
      ...['batch 0', 'batch 1', 'batch 2', 'batch 3', 'epoch 0 true', 'batch 0'],
      ...['epoch 1 true', 'end'],
    ]);
    expect(history).toHaveLength(2);
    expect(await checkpoints.latest()).toMatchObject({ epochs: 2, stopped: true });
  });
});

describe('a training that is aborted or fails', () => {
  it.each(['signal', 'callback'])(
    'calls neither onEpochEnd nor onTrainEnd, as in Keras: %s',
    async (cause) => {
      const ends: string[] = [];
      const controller = new AbortController();
      const callback = new tf.CustomCallback({
        onBatchEnd: async (step) => {
          if (step !== 1) return;
          if (cause === 'callback') throw new Error('broken');
          controller.abort();
        },
        onEpochEnd: async () => void ends.push('epoch'),
        onTrainEnd: async () => void ends.push('train'),
      });
      const fitting = fit(classifier(), { ...run, callbacks: [callback], signal: controller.signal });
      await expect(fitting).rejects.toThrow(cause === 'callback' ? 'broken' : 'aborted');
      expect(ends).toEqual([]);
    },
  );
});

describe('callbacks are checked before training', () => {
  const refused = async (callbacks: tf.CustomCallback[], change: Partial<FitOptions> = {}) => {
    const called: string[] = [];
    const all = [callbackWith({}, called), ...callbacks];
    const error = await fit(classifier(), { ...run, ...change, callbacks: all }).catch(
      (reason: Error) => reason,
    );
    expect(called).toEqual([]);
    return (error as Error).message;
  };

  it('refuses two with the same name of their state', async () => {
    const duplicates = [
      callbackWith({ stateName: 'stop' }),
      callbackWith({ stateName: 'other' }),
      callbackWith({ stateName: 'stop' }),
    ];
    expect(await refused(duplicates)).toBe(
      'Expected callbacks with different names of their state, got two with "stop"',
    );
  });

  it('refuses a value that is not a callback, such as a plain object with hooks', async () => {
    expect(await refused([{ onEpochEnd: () => {} } as never])).toBe(
      'Expected callbacks[1] to be a callback, such as new tf.CustomCallback({ onEpochEnd }), got Object',
    );
    const alone = fit(classifier(), { ...run, callbacks: callbackWith({}) as never });
    await expect(alone).rejects.toThrow('Expected callbacks to be a list, got CustomCallback');
  });

  it('refuses one that monitors a metric that is not logged, and lists the logged ones', async () => {
    expect(await refused([callbackWith({ monitors: ['val_f1'] })])).toBe(
      'Expected monitor to be a metric that is logged (loss, acc, accuracy, val_loss, val_acc, val_accuracy), got "val_f1"',
    );
    expect(await refused([callbackWith({ monitors: ['val_loss'] })], { validation: undefined })).toBe(
      'Expected monitor to be a metric that is logged (loss, acc, accuracy), got "val_loss": there is no validation',
    );
  });

  it('accepts one that monitors a metric that another adds to the logs', async () => {
    const callbacks = [callbackWith({ monitors: ['f1', 'val_accuracy'] }), callbackWith({ logs: ['f1'] })];
    expect(await fit(classifier(), { ...run, epochs: 1, callbacks })).toHaveLength(1);
  });
});

describe('fit keeps no tensor', () => {
  const end = {
    'a training that ends': async () => {},
    'an early stop': async (model: tf.LayersModel) => void (model.stopTraining = true),
    'an abort': async (_: tf.LayersModel, controller: AbortController) => controller.abort(),
    'an error in a callback': () => Promise.reject(new Error('broken')),
  };
  for (const hook of ['onBatchEnd', 'onEpochEnd'] as const)
    it.each(Object.entries(end))(`after %s in ${hook}`, async (name, action) => {
      const model = classifier();
      // The first step creates the variables of the optimizer.
      await fit(model, { ...run, epochs: 1 });
      const before = tf.memory().numTensors;
      const controller = new AbortController();
      let calls = 0;
      const callback = new tf.CustomCallback({
        [hook]: async () => (++calls === 2 ? action(model, controller) : undefined),
      });
      const checkpoints = openCheckpoints(memoryStore());
      const fitting = fit(model, { ...run, callbacks: [callback], checkpoints, signal: controller.signal });
      if (/abort|error/.test(name)) await expect(fitting).rejects.toThrow();
      else await fitting;
      expect(calls).toBeGreaterThan(1);
      expect(tf.memory().numTensors).toBe(before);
    });

  it('after an invalid batch, and after a checkpoint is restored', async () => {
    const model = classifier();
    const checkpoints = openCheckpoints(memoryStore());
    await fit(model, { ...run, epochs: 1, checkpoints });
    const before = tf.memory().numTensors;
    const invalid: FitOptions['train'] = (epoch) =>
      [...(bars(2)(epoch) as Iterable<never>)].map(
        (batch) => ({ ...(batch as object), labels: new Int32Array(8).fill(7) }) as never,
      );
    await expect(fit(model, { ...run, train: invalid })).rejects.toThrow(
      'Expected labels from 0 to 2, got 7',
    );
    await expect(fit(model, { ...run, validation: invalid })).rejects.toThrow(
      'Expected labels from 0 to 2, got 7',
    );
    expect(tf.memory().numTensors).toBe(before);
    await fit(model, { ...run, checkpoints, resume: true });
    expect(tf.memory().numTensors).toBe(before);
  });
});
