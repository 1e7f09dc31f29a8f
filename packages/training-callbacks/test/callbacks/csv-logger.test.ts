import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { csvLogger, reduceLROnPlateau } from '../../src/index.js';
import { begin, oneWeightModel } from '../drive.js';
import { golden, numbersOf } from '../golden.js';

const encode = (text: string) => new TextEncoder().encode(text);
const textOf = async (store: ReturnType<typeof memoryStore>) =>
  new TextDecoder().decode(await store.read('history.csv'));
const cases = golden.CSVLogger.map((test, i) => ({ ...test, title: `${i}: ${test.note ?? 'random logs'}` }));

describe("csvLogger writes the same bytes as Keras's CSVLogger", () => {
  it('in all 27 cases', () => expect(cases).toHaveLength(27));

  it.each(cases)(
    '$title',
    async ({ params, runs, int_keys: integerMetrics, existing_bytes, expected_bytes }) => {
      const [store, model] = [memoryStore(), oneWeightModel()];
      if (existing_bytes !== undefined) await store.write('history.csv', encode(existing_bytes));
      const callback = csvLogger({ store, integerMetrics, ...params });
      for (const run of runs) {
        await begin(callback, model);
        for (const [epoch, logs] of run) await callback.onEpochEnd(epoch, numbersOf(logs));
        await callback.onTrainEnd();
      }
      expect(await textOf(store)).toBe(expected_bytes);
      model.dispose();
    },
  );

  it.each(golden.ReduceLROnPlateau_then_CSVLogger)(
    'with the learning rates that reduceLROnPlateau logs before it, from $initial_lr',
    async ({ initial_lr, params, loss, val_loss, expected_bytes }) => {
      const [store, model] = [memoryStore(), oneWeightModel(initial_lr)];
      const callbacks = [reduceLROnPlateau(params), csvLogger({ store })];
      for (const callback of callbacks) await begin(callback, model);
      for (const [epoch, value] of val_loss.entries()) {
        const logs = { loss, val_loss: value };
        for (const callback of callbacks) await callback.onEpochEnd(epoch, logs);
      }
      expect(await textOf(store)).toBe(expected_bytes);
      model.dispose();
    },
  );
});

describe('csvLogger', () => {
  it('continues from its state without a duplicate row, whatever the file contains', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const epochs = [0, 1, 2, 3].map((epoch) => ({ loss: 1 / (epoch + 1), val_loss: 2 }));
    const whole = csvLogger({ store });
    await begin(whole, model);
    let state = whole.getState();
    for (const [epoch, logs] of epochs.entries()) {
      await whole.onEpochEnd(epoch, { ...logs });
      if (epoch === 1) state = structuredClone(whole.getState());
    }
    const expected = await textOf(store);
    const resumed = csvLogger({ store });
    await begin(resumed, model);
    resumed.setState(state);
    for (const epoch of [2, 3]) await resumed.onEpochEnd(epoch, { ...epochs[epoch] });
    expect(await textOf(store)).toBe(expected);
    expect(expected.split('\r\n')).toHaveLength(6);
    model.dispose();
  });

  it('appends in the columns of the existing header', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    await store.write('history.csv', encode('epoch,loss,val_loss\r\n0,1.5,1.25\r\n'));
    const callback = csvLogger({ store, append: true });
    await begin(callback, model);
    await callback.onEpochEnd(1, { accuracy: 0.5, loss: 1 });
    expect(await textOf(store)).toBe('epoch,loss,val_loss\r\n0,1.5,1.25\r\n1,1.0,NA\r\n');
    model.dispose();
  });

  it('refuses to append to other content or to a log with another separator', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    for (const text of ['[{"epoch":0}]', 'epoch;loss\r\n']) {
      await store.write('history.csv', encode(text));
      await expect(begin(csvLogger({ store, append: true }), model)).rejects.toThrow(
        new InputError('Expected memory/history.csv to be a log to append to, got other content'),
      );
    }
    model.dispose();
  });

  it('passes the complete text to a function of the caller', async () => {
    const [texts, model] = [[] as string[], oneWeightModel()];
    const callback = csvLogger({ save: (text) => void texts.push(text) });
    await begin(callback, model);
    for (const epoch of [0, 1]) await callback.onEpochEnd(epoch, { val_loss: epoch });
    expect(texts).toEqual(['epoch,val_loss\r\n0,0.0\r\n', 'epoch,val_loss\r\n0,0.0\r\n1,1.0\r\n']);
    model.dispose();
  });

  it.each([
    [{ save: undefined }, 'Expected store or save, and not both'],
    [{ append: true }, 'Expected store with append, which reads the existing log'],
    [{ separator: ', ' }, 'Expected separator to be one character, got ", "'],
    [{ path: '' }, 'Expected path to be a name in the store, got ""'],
  ])('refuses %o', (options, message) => {
    expect(() => csvLogger({ save: () => undefined, ...options })).toThrow(new InputError(message));
  });
});
