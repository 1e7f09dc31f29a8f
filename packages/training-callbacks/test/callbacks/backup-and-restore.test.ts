import { InputError, type ResumableCallback } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  backupAndRestore,
  csvLogger,
  earlyStopping,
  getLearningRate,
  modelCheckpoint,
  reduceLROnPlateau,
} from '../../src/index.js';
import { begin, oneWeightModel, weightOf } from '../drive.js';

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.125),
  momentum: () => tf.train.momentum(0.0625, 0.5),
  rmsprop: () => tf.train.rmsprop(0.01),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.1),
};

interface Training {
  readonly store: ReturnType<typeof memoryStore>;
  readonly optimizer: tf.Optimizer;
  readonly epochs: number;
  /** The epoch at whose begin the training fails; default none. */
  readonly failAt?: number;
}

/** Trains a weight toward 3 with four batches per epoch. Returns the weight after each epoch. */
async function train({ store, optimizer, epochs, failAt }: Training) {
  const model = oneWeightModel(1, optimizer);
  const x = tf.tensor2d([1, 2, -1, 0.5], [4, 1]);
  const y = x.mul(3);
  const plateau = reduceLROnPlateau({ monitor: 'loss', patience: 2, minDelta: 100, factor: 0.5 });
  const backup = await backupAndRestore(model, { store, callbacks: [plateau] });
  if (backup.initialEpoch === 0) tf.tidy(() => model.setWeights([tf.tensor2d([0.5], [1, 1])]));
  const weights: number[] = [];
  const failing = new tf.CustomCallback({
    onEpochBegin: (epoch) => {
      if (epoch === failAt) throw new Error('killed');
    },
    onEpochEnd: () => void weights.push(weightOf(model)),
  });
  const { initialEpoch } = backup;
  const fit = model.fit(x, y, {
    epochs,
    initialEpoch,
    batchSize: 1,
    shuffle: false,
    verbose: 0,
    callbacks: [failing, plateau, backup],
  });
  if (failAt === undefined) await fit;
  else await expect(fit).rejects.toThrow('killed');
  const rate = getLearningRate(model.optimizer);
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return { weights, rate, initialEpoch };
}

describe('backupAndRestore', () => {
  it.each(Object.keys(optimizers))('continues an interrupted training with %s', async (name) => {
    const whole = await train({ store: memoryStore(), optimizer: optimizers[name](), epochs: 6 });
    const store = memoryStore();
    const first = await train({ store, optimizer: optimizers[name](), epochs: 6, failAt: 3 });
    expect(await store.list()).toEqual(['backup.bin']);
    const second = await train({ store, optimizer: optimizers[name](), epochs: 6 });
    expect(second.initialEpoch).toBe(3);
    // TensorFlow.js recomputes two factors of Adam; all others are exact.
    const expected = whole.weights.map((weight) => (name === 'adam' ? expect.closeTo(weight, 5) : weight));
    expect([...first.weights, ...second.weights]).toEqual(expected);
    expect(second.rate).toBe(whole.rate);
    expect(whole.rate).toBeLessThan(getLearningRate(optimizers[name]()));
    expect(await store.list()).toEqual([]);
  });

  it('restores the state of the other callbacks, including best weights and NaN', async () => {
    const store = memoryStore();
    const model = oneWeightModel();
    const stop = earlyStopping({ patience: 5, restoreBestWeights: true });
    const backup = await backupAndRestore(model, { store, callbacks: [stop] });
    for (const callback of [stop, backup]) await begin(callback, model);
    for (const [epoch, val_loss] of [0.5, NaN].entries()) {
      await stop.onEpochEnd(epoch, { val_loss });
      await backup.onEpochEnd(epoch);
    }
    const again = earlyStopping({ patience: 5, restoreBestWeights: true });
    const restored = await backupAndRestore(model, { store, callbacks: [again] });
    expect(restored.initialEpoch).toBe(2);
    for (const callback of [again, restored]) await begin(callback, model);
    expect(again.getState()).toEqual(stop.getState());
    expect(again.getState()).toMatchObject({ best: 0.5, wait: 1, weight0: expect.any(Float32Array) });
    model.dispose();
  });

  it('reads bytes at any memory offset, also of a Buffer', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const backup = await backupAndRestore(model, { store });
    await begin(backup, model);
    tf.tidy(() => model.setWeights([tf.tensor2d([7], [1, 1])]));
    await backup.onEpochEnd(0);
    const inPool = Buffer.concat([Buffer.alloc(3), (await store.read('backup.bin'))!]).subarray(3);
    tf.tidy(() => model.setWeights([tf.tensor2d([8], [1, 1])]));
    await backupAndRestore(model, { store: { ...store, read: async () => inPool } });
    expect(weightOf(model)).toBe(7);
    model.dispose();
  });

  it('keeps the backup with deleteCheckpoint: false', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const backup = await backupAndRestore(model, { store, path: 'a/b', deleteCheckpoint: false });
    await begin(backup, model);
    await backup.onEpochEnd(0);
    await backup.onTrainEnd();
    expect(await store.list()).toEqual(['a/b']);
    model.dispose();
  });

  it('keeps no tensor', async () => {
    const store = memoryStore();
    const x = tf.ones([2, 1]);
    const count = async () => {
      const before = tf.memory().numTensors;
      const optimizer = tf.train.adam(0.1);
      const model = oneWeightModel(1, optimizer);
      const backup = await backupAndRestore(model, { store, deleteCheckpoint: false });
      const { initialEpoch } = backup;
      const losses = await model.fit(x, x, {
        epochs: initialEpoch + 1,
        initialEpoch,
        verbose: 0,
        callbacks: [backup],
      });
      expect(losses.epoch).toHaveLength(1);
      // Again, on an optimizer that has state.
      await backupAndRestore(model, { store });
      model.dispose();
      optimizer.dispose();
      return tf.memory().numTensors - before;
    };
    // TensorFlow.js keeps the same number of tensors for its metrics with and without a backup.
    expect(await count()).toBe(await count());
    expect(await count()).toBeLessThanOrEqual(1);
    x.dispose();
  });

  it('refuses a model that is not compiled, and an optimizer whose state cannot be read', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const store = memoryStore();
    await expect(backupAndRestore(model, { store })).rejects.toThrow(
      new InputError('Expected a compiled model, got one without an optimizer'),
    );
    await expect(backupAndRestore(oneWeightModel(1, tf.train.adamax(0.1)), { store })).rejects.toThrow(
      new InputError('Expected an optimizer whose state TensorFlow.js can read, got Adamax'),
    );
  });

  const plateau = (patience = 3) => reduceLROnPlateau({ monitor: 'loss', patience });
  const stop = (patience = 3) => earlyStopping({ monitor: 'loss', patience });
  const store = memoryStore();
  const duplicates: Record<string, readonly [callbacks: ResumableCallback[], names: string]> = {
    'two plateaus of one metric': [[plateau(3), plateau(8)], '"reduceLROnPlateau-loss"'],
    'two stops of one metric': [[stop(1), plateau(), stop(2)], '"earlyStopping-loss"'],
    'two checkpoints with one path': [
      [modelCheckpoint({ store }), modelCheckpoint({ store, saveWeightsOnly: true })],
      '"modelCheckpoint-checkpoint"',
    ],
    'two logs with one path': [
      [csvLogger({ store, path: 'log' }), csvLogger({ store: memoryStore(), path: 'log' })],
      '"csvLogger-log"',
    ],
    'one callback twice': [((one) => [one, one])(stop()), '"earlyStopping-loss"'],
    'two pairs': [
      [plateau(), stop(), plateau(), stop(), stop()],
      '"reduceLROnPlateau-loss" and two with "earlyStopping-loss"',
    ],
    'callbacks of the caller': [
      ['mine', 'mine'].map((stateName) => ({ stateName, getState: () => ({}), setState: () => {} })),
      '"mine"',
    ],
  };

  it.each(Object.entries(duplicates))(
    'refuses callbacks whose state has one name: %s',
    async (_, [callbacks, names]) => {
      const model = oneWeightModel();
      await expect(backupAndRestore(model, { store: memoryStore(), callbacks })).rejects.toThrow(
        new InputError(
          `Expected callbacks with different names of their state, got two with ${names}: monitor another metric,` +
            ' write to another path, or leave one out of the backup',
        ),
      );
      model.dispose();
    },
  );

  it('continues two plateaus of different metrics each from its state', async () => {
    const run = async (failures: readonly (number | undefined)[]) => {
      const rates: number[] = [];
      const backups = memoryStore();
      for (const failAt of failures) {
        const model = oneWeightModel(1, tf.train.sgd(1));
        const reduce = [
          reduceLROnPlateau({ monitor: 'loss', patience: 3, factor: 0.5 }),
          reduceLROnPlateau({ monitor: 'other', mode: 'min', patience: 8, factor: 0.125 }),
        ];
        const backup = await backupAndRestore(model, { store: backups, callbacks: reduce });
        const constant = new tf.CustomCallback({
          onEpochBegin: async (epoch) => {
            if (epoch === failAt) throw new Error('killed');
            rates[epoch] = getLearningRate(model.optimizer);
          },
          onEpochEnd: async (_, logs) => void Object.assign(logs!, { loss: 5, other: 5 }),
        });
        const callbacks = [constant, ...reduce, backup];
        const { initialEpoch } = backup;
        await model
          .fit(tf.ones([2, 1]), tf.ones([2, 1]), { epochs: 10, initialEpoch, verbose: 0, callbacks })
          .catch((error: Error) => expect(error.message).toBe('killed'));
      }
      return rates;
    };
    // Halved at the ends of epochs 3, 6 and 9; multiplied by an eighth at the end of epoch 8.
    const expected = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.03125];
    expect(await run([undefined])).toEqual(expected);
    expect(await run([4, undefined])).toEqual(expected);
    expect(await run([1, 5, 9, undefined])).toEqual(expected);
  });

  it('refuses a backup that is damaged, or of another model, optimizer or list of callbacks', async () => {
    const [store, model] = [memoryStore(), oneWeightModel(1, tf.train.momentum(0.1, 0.9))];
    const x = tf.ones([2, 1]);
    const backup = await backupAndRestore(model, { store, deleteCheckpoint: false });
    await model.fit(x, x, { epochs: 1, verbose: 0, callbacks: [backup] });
    await expect(backupAndRestore(model, { store, callbacks: [earlyStopping()] })).rejects.toThrow(
      'Expected memory/backup.bin to hold the state of earlyStopping-val_loss, found none',
    );
    await expect(backupAndRestore(oneWeightModel(1, tf.train.sgd(1)), { store })).rejects.toThrow(
      'Expected memory/backup.bin to be a backup of the optimizer SGD, got one of another',
    );
    const other = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1] })] });
    other.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(backupAndRestore(other, { store })).rejects.toThrow(
      'Expected weights of 2, 2 values, got 1',
    );
    const bytes = (await store.read('backup.bin'))!;
    const truncated = [0, 2, 20, 40, bytes.length - 1].map((length) => bytes.slice(0, length));
    const changed = Array.from(bytes, (byte, i) => bytes.with(i, byte ^ 1));
    for (const damaged of [...truncated, ...changed]) {
      const { length } = damaged;
      await store.write('backup.bin', damaged);
      await expect(backupAndRestore(model, { store })).rejects.toThrow(
        new InputError(`Expected memory/backup.bin to be an intact backup, got ${length} other bytes`),
      );
    }
    x.dispose();
    model.dispose();
  });
});
