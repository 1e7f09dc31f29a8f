import { crc32 } from 'node:zlib';
import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { modelCheckpoint, type ModelCheckpointOptions, type ModelCheckpointInfo } from '../../src/index.js';
import { begin, oneWeightModel, setWeight, weightOf } from '../drive.js';
import { CHANGES, compiled, MODELS, valuesOf } from '../freezable-models.js';
import { checkpointOptionsOf, golden, numberOf, numbersOf, type CheckpointCase } from '../golden.js';

interface Run {
  readonly options: ModelCheckpointOptions;
  readonly logs: readonly Record<string, number>[];
  readonly batches?: number;
  /** The epoch before which the callback is replaced by a new one with the same state; default never. */
  readonly splitAt?: number;
}

async function trace({ options, logs, batches = 1, splitAt }: Run) {
  const model = oneWeightModel();
  const saved: ModelCheckpointInfo[] = [];
  const create = () => modelCheckpoint({ ...options, save: (_, info) => void saved.push(info) });
  let callback = create();
  await begin(callback, model);
  for (const [epoch, values] of logs.entries()) {
    if (epoch === splitAt) {
      const state = structuredClone(callback.getState());
      callback = create();
      await begin(callback, model);
      callback.setState(state);
    }
    await callback.onEpochBegin(epoch);
    for (let batch = 0; batch < batches; batch++) await callback.onBatchEnd(batch, values);
    await callback.onEpochEnd(epoch, values);
  }
  model.dispose();
  return { saved, best: callback.best };
}

const runOf = ({ params, logs, batches_per_epoch }: CheckpointCase): Run => ({
  options: checkpointOptionsOf(params),
  logs: logs.map(numbersOf),
  batches: batches_per_epoch,
});
/** Keras takes an epoch for the best whose other loss is not finite, or the first one although its loss is NaN. */
const keepsDiverged = ({ params, logs, expected }: CheckpointCase) =>
  params.save_best_only === true &&
  expected.saved.some(({ epoch }) => {
    const { loss, val_loss } = numbersOf(logs[epoch]);
    return !Number.isFinite(loss) || !Number.isFinite(val_loss);
  });

const cases = golden.ModelCheckpoint.map((test, i) => ({
  ...test,
  title: `${i}: ${test.note ?? test.params.filepath}`,
}));

describe("modelCheckpoint is equal to Keras's ModelCheckpoint", () => {
  const comparable = cases.filter((test) => !keepsDiverged(test));

  it('in all 42 cases except the 3 in which Keras takes a diverged epoch for the best', () => {
    expect([cases.length, comparable.length]).toEqual([42, 39]);
  });

  it.each(comparable)('$title', async (test) => {
    const { saved, best } = await trace(runOf(test));
    expect(
      saved.map(({ weightsOnly, ...info }) => ({ kind: weightsOnly ? 'weights' : 'model', ...info })),
    ).toEqual(test.expected.saved);
    expect(best).toBe(numberOf(test.expected.best));
  });
});

describe('modelCheckpoint', () => {
  it('saves no diverged epoch with saveBestOnly, unlike Keras', async () => {
    const traces = await Promise.all(cases.filter(keepsDiverged).map((test) => trace(runOf(test))));
    expect(traces.map(({ saved, best }) => [saved.map(({ epoch }) => epoch), best])).toEqual([
      // val_loss is NaN in epoch 0.
      [[1, 11, 12], 1.7646],
      // val_loss is Infinity in epoch 4; epoch 5 has the same loss.
      [[0, 5], 1.8277],
      // loss and val_loss are NaN in epoch 0.
      [[1, 2, 3], 0.8],
    ]);
  });

  it('continues exactly from the state after any epoch', async () => {
    for (const test of cases) {
      const run = runOf(test);
      const whole = await trace(run);
      for (let splitAt = 0; splitAt < Math.min(4, run.logs.length); splitAt++)
        expect(await trace({ ...run, splitAt })).toEqual(whole);
    }
  });

  it('keeps its best value across fits', async () => {
    const model = oneWeightModel();
    const paths: string[] = [];
    const callback = modelCheckpoint({
      path: '{epoch}',
      saveBestOnly: true,
      save: (_, { path }) => void paths.push(path),
    });
    for (const losses of [
      [2, 1],
      [1.5, 0.5],
    ]) {
      await begin(callback, model);
      for (const [epoch, val_loss] of losses.entries()) await callback.onEpochEnd(epoch, { val_loss });
    }
    expect(paths).toEqual(['1', '2', '2']);
    model.dispose();
  });

  it('does not replace the best model after an epoch without validation', async () => {
    const model = oneWeightModel();
    const paths: string[] = [];
    const save = (_: tf.LayersModel, { path }: ModelCheckpointInfo) => void paths.push(path);
    const callback = modelCheckpoint({ path: '{epoch}', saveBestOnly: true, save });
    await begin(callback, model);
    callback.setParams({ metrics: ['loss', 'val_loss'] } as never);
    const logs: Record<string, number>[] = [
      { loss: 1 },
      { loss: 1, val_loss: 3 },
      { loss: 1 },
      { loss: 1, val_loss: 4 },
      { loss: 1, val_loss: 2 },
    ];
    for (const [epoch, values] of logs.entries()) await callback.onEpochEnd(epoch, values);
    expect(paths).toEqual(['1', '2', '5']);
    model.dispose();
  });

  it('writes files that tf.loadLayersModel and tf.io.loadWeights read, and keeps no tensor', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    setWeight(model, 42);
    const fetchFunc = (async (url: string) =>
      new Response((await store.read(url.replace('http://127.0.0.1/', ''))) as BodyInit)) as typeof fetch;
    const before = tf.memory().numTensors;
    for (const saveWeightsOnly of [false, true]) {
      const path = saveWeightsOnly ? 'weights/{epoch:02d}' : 'model/{epoch:02d}';
      const callback = modelCheckpoint({ store, path, saveWeightsOnly });
      await begin(callback, model);
      await callback.onEpochEnd(6, { val_loss: 1 });
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(await store.list()).toEqual([
      'model/07/model.json',
      'model/07/weights.bin',
      'weights/07/weights.bin',
      'weights/07/weights_manifest.json',
    ]);
    const loaded = await tf.loadLayersModel(
      tf.io.http('http://127.0.0.1/model/07/model.json', { fetchFunc }),
    );
    expect(weightOf(loaded)).toBe(42);
    const manifest = JSON.parse(
      new TextDecoder().decode(await store.read('weights/07/weights_manifest.json')),
    );
    const fetchWeights = (urls: string[]) =>
      Promise.all(urls.map(async (url) => (await store.read(url))!.buffer as ArrayBuffer));
    const weights = await tf.io.weightsLoaderFactory(fetchWeights)(manifest, 'weights/07');
    expect(Object.values(weights).map((tensor) => tensor.dataSync()[0])).toEqual([42]);
    tf.dispose(weights);
    loaded.dispose();
    model.dispose();
  });

  it('ends training with a list of the logged metrics if its path names another', async () => {
    await expect(trace({ options: { path: 'a{foo}' }, logs: [{ loss: 1 }] })).rejects.toThrow(
      new InputError('Expected path to name logged metrics (loss, epoch), got "foo"'),
    );
  });

  it.each([
    [{}, 'Expected store or save, and not both'],
    [{ store: memoryStore(), save: () => undefined }, 'Expected store or save, and not both'],
    [{ saveFreq: 0 }, 'Expected saveFreq to be an integer >= 1, got 0'],
    [{ saveFreq: 'batch' as 'epoch' }, 'Expected saveFreq to be "epoch" or an integer >= 1, got "batch"'],
    [{ path: '' }, 'Expected path to be a template, got ""'],
    [{ path: 'a{epoch' }, 'Expected path to have its braces in pairs, got "a{epoch"'],
    [
      { path: '{epoch:02q}' },
      'Expected path to hold placeholders such as {epoch:02d} or {val_loss:.2f}, got "{epoch:02q}"',
    ],
    [
      { saveBestOnly: true, monitor: 'val_foo' },
      'Expected monitor to be loss, accuracy or acc, also with val_, got "val_foo": with another metric, set mode to min or max',
    ],
    [{ initialValueThreshold: NaN }, 'Expected initialValueThreshold to be a number, got NaN'],
  ])('refuses %o', (options: ModelCheckpointOptions, message) => {
    const base = Object.keys(options).some((name) => /path|Freq|Best|initial/.test(name))
      ? { store: memoryStore() }
      : {};
    expect(() => modelCheckpoint({ ...base, ...options })).toThrow(new InputError(message));
  });
});

describe('the files of modelCheckpoint', () => {
  it('have the CRC-32 of the weights, as zlib computes it', async () => {
    const [store, model] = [memoryStore(), oneWeightModel()];
    const callback = modelCheckpoint({ store, path: 'model' });
    await begin(callback, model);
    await callback.onEpochEnd(0, { val_loss: 1 });
    const json = JSON.parse(new TextDecoder().decode(await store.read('model/model.json')));
    const expected = crc32((await store.read('model/weights.bin'))!);
    expect(parseInt(json.weightsManifest[0].crc32, 16)).toBe(expected);
    model.dispose();
  });

  const load = async (store: ReturnType<typeof memoryStore>) => {
    const json = JSON.parse(new TextDecoder().decode(await store.read('checkpoint/model.json')));
    const weightData = (await store.read('checkpoint/weights.bin'))!.slice().buffer;
    const { modelTopology, weightsManifest } = json;
    return tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
    );
  };
  const savable = Object.keys(MODELS).filter((kind) => !/equal names|constraint/.test(kind));

  it.each(savable)('have weights by name, whichever layers are frozen: %s', async (kind) => {
    const [store, model] = [memoryStore(), compiled(MODELS[kind])];
    CHANGES['the first layer is frozen'](model);
    const checkpoint = modelCheckpoint({ store });
    await begin(checkpoint, model);
    await checkpoint.onEpochEnd(0);
    const loaded = await load(store);
    expect(valuesOf(loaded)).toEqual(valuesOf(model));
    for (const one of [model, loaded]) one.dispose();
  });

  it('have the depth multiplier of separable convolutions, which TensorFlow.js leaves out', async () => {
    const separable = tf.layers.separableConv2d({
      inputShape: [5, 5, 2],
      filters: 3,
      kernelSize: 2,
      depthMultiplier: 3,
    });
    const [store, model] = [memoryStore(), compiled(() => tf.sequential({ layers: [separable] }))];
    const checkpoint = modelCheckpoint({ store });
    await begin(checkpoint, model);
    await checkpoint.onEpochEnd(0);
    const [loaded, x] = [await load(store), tf.ones([1, 5, 5, 2])];
    const predict = (of: tf.LayersModel) => [...(of.predict(x) as tf.Tensor).dataSync()];
    expect(predict(loaded)).toEqual(predict(model));
  });

  it('cannot hold weights with equal names: such a model is refused when training begins, not after an epoch', async () => {
    const model = compiled(MODELS['models inside a model, with equal names of layers']);
    await expect(begin(modelCheckpoint({ store: memoryStore() }), model)).rejects.toThrow(
      'Expected a model with unique names of weights, got two with same/kernel and two with same/bias, which the files',
    );
    await begin(modelCheckpoint({ save: () => {} }), model);
  });
});
