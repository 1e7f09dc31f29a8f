import { InputError, namedWeights } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { backupAndRestore } from '../../src/index.js';
import { begin } from '../drive.js';
import saved from '../fixtures/backup-version-1.json' with { type: 'json' };
import { CHANGES, compiled, MODELS, setWeights, square, valuesOf, variants } from '../freezable-models.js';

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.1),
};

/** Three layers of one shape: slots and weights of one fit the others. */
const stack = (frozen: readonly number[]) => {
  const model = tf.sequential({
    layers: [square({ name: 'a', inputShape: [3] }), square({ name: 'b' }), square({ name: 'c' })],
  });
  for (const i of frozen) model.layers[i].trainable = false;
  return model;
};

/** The slots of an optimizer: those of a weight by its name. */
async function slotsOf(model: tf.LayersModel): Promise<Record<string, number[]>> {
  const [steps, ...slots] = (await model.optimizer.getWeights()) as { name: string; tensor: tf.Tensor }[];
  steps.tensor.dispose();
  const names = new Map(namedWeights(model).map(({ name, weight }) => [weight.name, name]));
  return Object.fromEntries(
    slots.map(({ name, tensor }) => {
      const [, variable, role] = /(.*)\/(.*)/.exec(name)!;
      return [`${names.get(variable)} ${role}`, [...tensor.dataSync()]];
    }),
  );
}

const data = () => [
  tf.randomUniform([6, 3], -1, 1, 'float32', 1),
  tf.randomUniform([6, 3], -1, 1, 'float32', 2),
];

/** Trains with a backup that is kept. */
async function trainWithBackup(model: tf.LayersModel, store: ReturnType<typeof memoryStore>, epochs: number) {
  const backup = await backupAndRestore(model, { store, deleteCheckpoint: false });
  const [x, y] = data();
  const { initialEpoch } = backup;
  await model.fit(x, y, { epochs, initialEpoch, verbose: 0, shuffle: false, callbacks: [backup] });
  tf.dispose([x, y]);
}

describe('a backup is restored by name', () => {
  it.each(variants)('$kind, if $change in the training that continues', async ({ kind, change }) => {
    const [store, first] = [memoryStore(), compiled(MODELS[kind])];
    const backup = await backupAndRestore(first, { store });
    await begin(backup, first);
    setWeights(first, 1);
    await backup.onEpochEnd(0);
    const build = () => {
      const model = MODELS[kind]();
      CHANGES[change](model);
      return model;
    };
    const second = compiled(build);
    expect((await backupAndRestore(second, { store })).initialEpoch).toBe(1);
    expect(valuesOf(second)).toEqual(valuesOf(first));
    for (const model of [first, second]) model.dispose();
  });

  const FROZEN = [
    { before: [0], after: [] },
    { before: [], after: [0] },
    { before: [0], after: [2] },
    { before: [1, 2], after: [0] },
    { before: [0, 1], after: [1] },
  ];

  describe.each(Object.keys(OPTIMIZERS))('with the slots of %s', (name) => {
    it.each(FROZEN)('from frozen layers $before to $after', async ({ before, after }) => {
      const store = memoryStore();
      const first = compiled(() => stack(before), OPTIMIZERS[name]());
      await trainWithBackup(first, store, 2);
      const second = compiled(() => stack(after), OPTIMIZERS[name]());
      await backupAndRestore(second, { store });
      expect(valuesOf(second)).toEqual(valuesOf(first));
      const [old, restored] = [await slotsOf(first), await slotsOf(second)];
      const initial = name === 'adagrad' ? Math.fround(0.1) : 0;
      for (const [slot, values] of Object.entries(restored))
        expect(values).toEqual(old[slot] ?? values.map(() => initial));
      const trainedLayers = ['a', 'b', 'c'].filter((_, i) => !after.includes(i));
      const inSlots = [...new Set(Object.keys(restored).map((slot) => slot[0]))];
      expect(inSlots).toEqual(name === 'sgd' ? [] : trainedLayers);
      // Training continues, and frozen layers stay as they are.
      const frozenValues = () => after.map((i) => [...second.layers[i].getWeights()[0].dataSync()]);
      const start = frozenValues();
      await trainWithBackup(second, store, 3);
      expect(frozenValues()).toEqual(start);
      for (const model of [first, second]) {
        model.optimizer.dispose();
        model.dispose();
      }
    });

    it('and continues to the same weights, with a frozen layer', async () => {
      const start = compiled(() => stack([1]), OPTIMIZERS[name]());
      setWeights(start, 1);
      const weights = valuesOf(start);
      const begun = () => {
        const model = compiled(() => stack([1]), OPTIMIZERS[name]());
        namedWeights(model).forEach(({ weight }, i) =>
          weight.write(tf.tensor(weights[i], weight.shape as number[])),
        );
        return model;
      };
      const [store, whole, first] = [memoryStore(), begun(), begun()];
      await trainWithBackup(whole, memoryStore(), 4);
      await trainWithBackup(first, store, 2);
      const second = compiled(() => stack([1]), OPTIMIZERS[name]());
      await trainWithBackup(second, store, 4);
      const digits = name === 'adam' ? 5 : 12;
      expect(valuesOf(whole).flat().every(Number.isFinite)).toBe(true);
      valuesOf(second).forEach((values, i) =>
        values.forEach((value, j) => expect(value).toBeCloseTo(valuesOf(whole)[i][j], digits)),
      );
    });
  });

  it('and refused for another optimizer, before anything changes', async () => {
    const [store, first] = [memoryStore(), compiled(() => stack([]), tf.train.momentum(0.1, 0.9))];
    await trainWithBackup(first, store, 1);
    const second = compiled(() => stack([]), tf.train.adam(0.1));
    const before = valuesOf(second);
    await expect(backupAndRestore(second, { store })).rejects.toThrow(
      'Expected memory/backup.bin to be a backup of the optimizer Adam, got one of another',
    );
    expect(valuesOf(second)).toEqual(before);
  });
});

describe('a backup of version 1, whose weights have no names,', () => {
  const store = () => {
    const bytes = Uint8Array.from(Buffer.from(saved.bytes, 'base64'));
    return { ...memoryStore(), read: async () => bytes };
  };
  const model = (frozen: number) => {
    const layers = [
      tf.layers.dense({ name: 'first', units: 2, inputShape: [2] }),
      tf.layers.dense({ name: 'second', units: 2 }),
      tf.layers.dense({ name: 'third', units: 1 }),
    ];
    if (frozen >= 0) layers[frozen].trainable = false;
    return compiled(() => tf.sequential({ layers }), tf.train.adam(0.1));
  };
  const weightsOf = (of: tf.LayersModel) =>
    Object.fromEntries(namedWeights(of).map(({ name, weight }) => [name, [...weight.read().dataSync()]]));

  it('is restored on a model with the same frozen layers, with the slots of its optimizer', async () => {
    const restored = model(0);
    expect((await backupAndRestore(restored, { store: store() })).initialEpoch).toBe(2);
    expect(weightsOf(restored)).toEqual(saved.weights);
    const slots = Object.entries(await slotsOf(restored)).map(([name, values]) => [
      name.replace(' ', '/'),
      values,
    ]);
    expect(Object.fromEntries(slots)).toEqual(saved.slots);
  });

  it.each([-1, 1, 2])('is refused on a model with other frozen layers: %d', async (frozen) => {
    await expect(backupAndRestore(model(frozen), { store: store() })).rejects.toThrow(InputError);
  });
});
