import { namedWeights, type ImageBatch } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  captureOptimizer,
  compileClassifier,
  disposeOptimizer,
  fit,
  openCheckpoints,
  restoreOptimizer,
  type OptimizerName,
} from '../src/index.js';
import { bars, CLASSES, SIZE } from './bars.js';
import saved from './fixtures/checkpoint-version-1.json' with { type: 'json' };

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const { conv2d, batchNormalization, dense, flatten } = tf.layers;

/** Layers in pairs of one shape, some in a model inside the model: weights of one would fit the other. */
type LayerName = 'conv1' | 'norm1' | 'conv2' | 'norm2' | 'inner' | 'dense1' | 'dense2';

interface Options {
  readonly frozen?: readonly LayerName[];
  readonly optimizer?: OptimizerName;
  readonly seed?: number;
  /** Whether TensorFlow.js makes up the names of layers. */
  readonly isUnnamed?: boolean;
}

function build({ frozen = [], optimizer = 'adam', seed = 1, isUnnamed = false }: Options = {}) {
  const named = (name: string, i: number) => ({
    ...(!isUnnamed && { name }),
    kernelInitializer: tf.initializers.glorotUniform({ seed: 10 * seed + i }),
  });
  const norm = (name: string) => batchNormalization(isUnnamed ? {} : { name });
  const inner = tf.sequential({
    ...(!isUnnamed && { name: 'inner' }),
    layers: [
      dense({ units: 4, inputShape: [4], ...named('dense1', 1) }),
      dense({ units: 4, ...named('dense2', 2) }),
    ],
  });
  const model = tf.sequential({
    layers: [
      conv2d({ filters: 4, kernelSize: 2, strides: 2, inputShape: [SIZE, SIZE, 1], ...named('conv0', 7) }),
      conv2d({ filters: 4, kernelSize: 1, ...named('conv1', 3) }),
      norm('norm1'),
      conv2d({ filters: 4, kernelSize: 1, strides: 2, ...named('conv2', 4) }),
      norm('norm2'),
      flatten(),
      dense({ units: 4, ...named('dense0', 8) }),
      inner,
      dense({ units: 4, ...named('dense1', 5) }),
      dense({ units: 4, ...named('dense2', 6) }),
      dense({ units: 3, activation: 'softmax', ...named('last', 9) }),
    ],
  });
  const positions: Record<LayerName, number> = {
    conv1: 1,
    norm1: 2,
    conv2: 3,
    norm2: 4,
    inner: 7,
    dense1: 8,
    dense2: 9,
  };
  for (const name of frozen) model.layers[positions[name]].trainable = false;
  compileClassifier(model, { optimizer, learningRate: 0.01 });
  return model;
}

const valuesOf = (model: tf.LayersModel) =>
  Object.fromEntries(namedWeights(model).map(({ name, weight }) => [name, [...weight.read().dataSync()]]));
const run = { train: bars(1, 4), epochs: 2 };

/** Values of slots by the name of their weight and what they are for. */
async function slotsOf(model: tf.LayersModel): Promise<Record<string, readonly number[]>> {
  const { slots } = await captureOptimizer(model.optimizer, model);
  const all = Object.entries(slots).flatMap(([field, list]) =>
    list.map(({ weight, value }) => [`${field} ${weight}`, [...value.values]] as const),
  );
  return Object.fromEntries(all);
}

const CHANGES: readonly { before: readonly LayerName[]; after: readonly LayerName[] }[] = [
  { before: ['conv1', 'norm1'], after: [] },
  { before: [], after: ['conv1', 'norm1'] },
  { before: ['conv1'], after: ['conv2'] },
  { before: ['norm2', 'dense1'], after: ['norm1', 'dense2'] },
  { before: ['inner'], after: [] },
  { before: [], after: ['inner', 'conv2'] },
];

describe('a run that is resumed with other layers frozen', () => {
  it.each(CHANGES)(
    'has the weights of its checkpoint by name, from $before to $after',
    async ({ before, after }) => {
      const checkpoints = openCheckpoints(memoryStore());
      const first = build({ frozen: before });
      await fit(first, { ...run, checkpoints });
      const second = build({ frozen: after, seed: 2 });
      await fit(second, { ...run, checkpoints, resume: true });
      expect(valuesOf(second)).toEqual(valuesOf(first));
    },
  );

  it.each(CHANGES)(
    'with names that TensorFlow.js made up, from $before to $after',
    async ({ before, after }) => {
      const checkpoints = openCheckpoints(memoryStore());
      const first = build({ frozen: before, isUnnamed: true });
      await fit(first, { ...run, checkpoints });
      const second = build({ frozen: after, seed: 2, isUnnamed: true });
      await fit(second, { ...run, checkpoints, resume: true });
      const inOrder = (model: tf.LayersModel) => Object.values(valuesOf(model));
      expect(inOrder(second)).toEqual(inOrder(first));
    },
  );

  const optimizers = ['adam', 'momentum', 'nesterov', 'rmsprop', 'sgd'] as const;
  it.each(optimizers)(
    'has the slots of %s by name; those of unfrozen layers begin at 0',
    async (optimizer) => {
      for (const { before, after } of CHANGES.slice(2, 5)) {
        const checkpoints = openCheckpoints(memoryStore());
        const first = build({ frozen: before, optimizer });
        await fit(first, { ...run, epochs: 1, checkpoints });
        const old = await slotsOf(first);
        const second = build({ frozen: after, optimizer, seed: 2 });
        await fit(second, { ...run, epochs: 1, checkpoints, resume: true });
        const restored = await slotsOf(second);
        for (const [slot, values] of Object.entries(restored))
          expect(values, slot).toEqual(old[slot] ?? values.map(() => 0));
        expect(new Set(Object.keys(restored)).size).toBe(
          optimizer === 'sgd'
            ? 0
            : second.trainableWeights.length * (optimizer === 'adam' ? 2 : optimizer === 'rmsprop' ? 2 : 1),
        );
      }
    },
  );

  it.each(optimizers)('trains on, and does not move frozen layers: %s', async (optimizer) => {
    const checkpoints = openCheckpoints(memoryStore());
    await fit(build({ frozen: ['conv1', 'dense2'], optimizer }), { ...run, epochs: 1, checkpoints });
    const second = build({ frozen: ['conv2', 'dense1'], optimizer, seed: 2 });
    const history = await fit(second, { ...run, checkpoints, resume: true });
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1]);
    const checkpoint = (await checkpoints.latest())!;
    const third = build({ frozen: ['conv2', 'dense1'], optimizer, seed: 3 });
    await fit(third, { ...run, checkpoints, resume: true });
    expect(valuesOf(third)).toEqual(valuesOf(second));
    const weights = new Map(checkpoint.weights.map(({ name, values }) => [name, [...values]]));
    expect(Object.fromEntries(weights)).toEqual(valuesOf(second));
  });

  it('with the same layers frozen has the same weights as an uninterrupted one, bit for bit', async () => {
    const frozen = ['norm1', 'conv2', 'inner'] as const;
    for (const optimizer of ['adam', 'nesterov'] as const) {
      const whole = build({ frozen, optimizer });
      await fit(whole, { ...run, epochs: 3 });
      const checkpoints = openCheckpoints(memoryStore());
      await fit(build({ frozen, optimizer }), { ...run, epochs: 1, checkpoints });
      const second = build({ frozen, optimizer, seed: 2 });
      await fit(second, { ...run, epochs: 3, checkpoints, resume: true });
      expect(valuesOf(second)).toEqual(valuesOf(whole));
    }
  });

  it('is equal to an uninterrupted one if a callback freezes and unfreezes layers in training', async () => {
    const change = (model: tf.LayersModel) =>
      new tf.CustomCallback({
        onEpochBegin: async (epoch) => {
          model.layers[1].trainable = epoch !== 1;
          model.layers[8].trainable = epoch >= 1;
        },
      });
    const train = async (model: tf.LayersModel, options: object) => {
      await fit(model, { ...run, ...options, callbacks: [change(model)] });
      return valuesOf(model);
    };
    const whole = await train(build(), { epochs: 4 });
    for (const epochs of [1, 2, 3]) {
      const checkpoints = openCheckpoints(memoryStore());
      await train(build(), { epochs, checkpoints });
      expect(await train(build({ seed: 2 }), { epochs: 4, checkpoints, resume: true })).toEqual(whole);
    }
  });

  it('restores weights with a constraint as they were, not as the constraint makes them', async () => {
    const constrained = (seed: number) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed });
      const model = tf.sequential({
        layers: [
          flatten({ inputShape: [SIZE, SIZE, 1] }),
          dense({
            name: 'a',
            units: 3,
            kernelConstraint: 'unitNorm',
            activation: 'softmax',
            kernelInitializer,
          }),
        ],
      });
      compileClassifier(model, { learningRate: 0.01 });
      return model;
    };
    const checkpoints = openCheckpoints(memoryStore());
    const first = constrained(1);
    await fit(first, { ...run, checkpoints });
    const second = constrained(2);
    await fit(second, { ...run, checkpoints, resume: true });
    expect(valuesOf(second)).toEqual(valuesOf(first));
  });

  it('is refused if a layer has another name, and names its weights', async () => {
    const model = (name: string) => {
      const layers = [
        flatten({ inputShape: [SIZE, SIZE, 1] }),
        dense({ name, units: 3, activation: 'softmax' }),
      ];
      const built = tf.sequential({ layers });
      compileClassifier(built);
      return built;
    };
    const checkpoints = openCheckpoints(memoryStore());
    await fit(model('old'), { ...run, checkpoints });
    await expect(fit(model('new'), { ...run, checkpoints, resume: true })).rejects.toThrow(
      'Expected a checkpoint with the weights of this model,' +
        ' got one without new/kernel, new/bias, and with old/kernel, old/bias',
    );
  });
});

describe('weight decay', () => {
  it('leaves a layer that is unfrozen after the model was compiled, which no step moves', async () => {
    const model = build({ frozen: ['conv1'] });
    disposeOptimizer(model.optimizer);
    compileClassifier(model, { weightDecay: 0.5, learningRate: 0.1 });
    const before = valuesOf(model)['conv1/kernel'];
    model.layers[1].trainable = true;
    await fit(model, { ...run, epochs: 1 });
    expect(valuesOf(model)['conv1/kernel']).toEqual(before);
  });

  it('leaves a layer that is frozen after the model was compiled', async () => {
    const model = build();
    disposeOptimizer(model.optimizer);
    compileClassifier(model, { weightDecay: 0.5, learningRate: 0.1 });
    const before = valuesOf(model)['dense1/kernel'];
    model.layers[8].trainable = false;
    await fit(model, { ...run, epochs: 1 });
    expect(valuesOf(model)['dense1/kernel']).toEqual(before);
  });
});

describe('captureOptimizer and restoreOptimizer with a model', () => {
  const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
    adam: () => tf.train.adam(0.1),
    adamax: () => tf.train.adamax(0.1),
    adagrad: () => tf.train.adagrad(0.1, 0.25),
    adadelta: () => tf.train.adadelta(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    'centered rmsprop': () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true),
  };
  const stack = (frozen: number, optimizer: tf.Optimizer) => {
    const layers = ['a', 'b', 'c'].map((name, i) =>
      dense({ name, units: 2, ...(i === 0 && { inputShape: [2] }) }),
    );
    layers[frozen].trainable = false;
    const model = tf.sequential({ layers });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    return model;
  };

  it.each(Object.entries(OPTIMIZERS))('give each slot of %s to its weight', async (name, optimizer) => {
    const [first, second] = [stack(0, optimizer()), stack(2, optimizer())];
    await first.trainOnBatch(
      tf.tensor2d([
        [1, 2],
        [3, -4],
      ]),
      tf.ones([2, 2]),
    );
    restoreOptimizer(second.optimizer, await captureOptimizer(first.optimizer, first), second);
    const [old, restored] = [await slotsOf(first), await slotsOf(second)];
    const layersOf = (slots: object) => [...new Set(Object.keys(slots).map((slot) => slot.split(/[ /]/)[1]))];
    expect([layersOf(old), layersOf(restored)]).toEqual([
      ['b', 'c'],
      ['a', 'b'],
    ]);
    const initial = name === 'adagrad' ? 0.25 : 0;
    for (const [slot, values] of Object.entries(restored))
      expect(values).toEqual(old[slot] ?? values.map(() => initial));
    await second.trainOnBatch(tf.ones([2, 2]), tf.zeros([2, 2]));
  });

  it('refuse slots of another shape before anything changes, and a state of names without the model', async () => {
    const first = stack(0, tf.train.adam(0.1));
    await first.trainOnBatch(tf.ones([2, 2]), tf.ones([2, 2]));
    const state = await captureOptimizer(first.optimizer, first);
    const second = tf.sequential({ layers: [dense({ name: 'c', units: 3, inputShape: [2] })] });
    second.compile({ optimizer: tf.train.adam(0.7), loss: 'meanSquaredError' });
    expect(() => restoreOptimizer(second.optimizer, state, second)).toThrow(
      'Expected a checkpoint with a state of the optimizer of the shape 2 x 3 for the weight c/kernel, got 2 x 2',
    );
    expect((second.optimizer as unknown as { learningRate: number }).learningRate).toBe(0.7);
    expect(() => restoreOptimizer(second.optimizer, state)).toThrow(
      'Expected the model with a state that names its weights, got none',
    );
  });

  it('refuse slots of a state without names that belong to other weights', async () => {
    const first = stack(0, tf.train.momentum(0.1, 0.9));
    await first.trainOnBatch(tf.ones([2, 2]), tf.ones([2, 2]));
    const state = await captureOptimizer(first.optimizer);
    const [same, other] = [0, 2].map((frozen) => stack(frozen, tf.train.momentum(0.1, 0.9)));
    restoreOptimizer(same.optimizer, state, same);
    expect(await slotsOf(same)).toEqual(await slotsOf(first));
    expect(() => restoreOptimizer(other.optimizer, state, other)).toThrow(
      'freeze the layers that were frozen when it was saved',
    );
  });
});

describe('a checkpoint of version 1, whose weights have no paths,', () => {
  const model = (frozen: number) => {
    const layers = [
      flatten({ inputShape: [2, 1, 1] }),
      dense({ name: 'first', units: 2 }),
      dense({ name: 'second', units: 2 }),
      dense({ name: 'third', units: 3, activation: 'softmax' }),
    ];
    layers[frozen].trainable = false;
    const built = tf.sequential({ layers });
    compileClassifier(built, { learningRate: 0.1 });
    return built;
  };
  const batch: ImageBatch = {
    kind: 'image-batch',
    name: 'two pixels',
    pixels: Float32Array.of(0, 255, 51, 102, 204, 25.5),
    labels: Int32Array.of(0, 1, 2),
    ...{ count: 3, height: 2, width: 1, channels: 1, classNames: CLASSES },
    ...{ epoch: 0, step: 0, steps: 1, indices: Uint32Array.of(0, 1, 2) },
  };
  const resume = async (of: tf.LayersModel, epochs: number) => {
    const store = memoryStore();
    await store.write(saved.name, Uint8Array.from(Buffer.from(saved.bytes, 'base64')));
    return fit(of, { train: () => [batch], epochs, checkpoints: openCheckpoints(store), resume: true });
  };

  it('is restored on a model with the same frozen layers, and trains on', async () => {
    const restored = model(1);
    expect(await resume(restored, 2)).toHaveLength(2);
    expect(valuesOf(restored)).toEqual(saved.weights);
    const slots = Object.entries(await slotsOf(restored)).map(([slot, values]) => [
      slot.split(' ')[1],
      values,
    ]);
    const expected = Object.entries(saved.slots).map(([slot, values]) => [slot.replace('_1', ''), values]);
    expect(Object.fromEntries(slots)).toEqual(Object.fromEntries(expected));
    expect(await resume(restored, 3)).toHaveLength(3);
  });

  it.each([0, 2, 3])('is refused on a model with other frozen layers: %d', async (frozen) => {
    const before = model(frozen);
    const weights = valuesOf(before);
    await expect(resume(before, 2)).rejects.toThrow('freeze the layers that were frozen when it was saved');
    expect(valuesOf(before)).toEqual(weights);
  });

  it('is followed by one of a version that this package can read, or refused', async () => {
    const store = memoryStore();
    const checkpoints = openCheckpoints(store);
    await fit(model(1), { train: () => [batch], epochs: 1, checkpoints });
    await checkpoints.save({ ...(await checkpoints.latest())!, version: 3 });
    await expect(checkpoints.latest()).rejects.toThrow(
      'Expected memory/0001.checkpoint to be a checkpoint of version 2 or earlier, got 3',
    );
  });
});
