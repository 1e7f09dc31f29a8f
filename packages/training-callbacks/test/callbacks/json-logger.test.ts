import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { jsonLogger } from '../../src/index.js';
import { begin, oneWeightModel } from '../drive.js';

const read = async (store: ReturnType<typeof memoryStore>) =>
  JSON.parse(new TextDecoder().decode(await store.read('history.json')));

describe('jsonLogger', () => {
  it('writes one record per epoch, valid JSON after each, with null for NaN', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const callback = jsonLogger({ store });
    await begin(callback, model);
    const loss = tf.scalar(0.5);
    await callback.onEpochEnd(0, { loss, acc: 0.25 });
    expect(await read(store)).toEqual([{ epoch: 0, loss: 0.5, acc: 0.25 }]);
    await callback.onEpochEnd(1, { loss: NaN });
    expect(await read(store)).toEqual([
      { epoch: 0, loss: 0.5, acc: 0.25 },
      { epoch: 1, loss: null },
    ]);
    expect(loss.isDisposed).toBe(false);
    tf.dispose(loss);
    model.dispose();
  });

  it('begins a new log with each fit, or continues the existing one with append', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    for (const append of [false, false, true]) {
      const callback = jsonLogger({ store, append });
      await begin(callback, model);
      await callback.onEpochEnd(0, { loss: 1 });
    }
    expect(await read(store)).toHaveLength(2);
    model.dispose();
  });

  it('continues from its state without a duplicate record', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const first = jsonLogger({ store });
    await begin(first, model);
    await first.onEpochEnd(0, { loss: 1 });
    const state = structuredClone(first.getState());
    await first.onEpochEnd(1, { loss: 2 });
    const second = jsonLogger({ store });
    await begin(second, model);
    second.setState(state);
    await second.onEpochEnd(1, { loss: 3 });
    expect(await read(store)).toEqual([
      { epoch: 0, loss: 1 },
      { epoch: 1, loss: 3 },
    ]);
    model.dispose();
  });

  it('refuses to append to other content', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    for (const text of ['{"a":1}', 'epoch,loss']) {
      await store.write('history.json', new TextEncoder().encode(text));
      await expect(begin(jsonLogger({ store, append: true }), model)).rejects.toThrow(
        new InputError('Expected memory/history.json to be a log to append to, got other content'),
      );
    }
    model.dispose();
  });
});
