import { InputError } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { modelCheckpoint, type ModelCheckpointOptions, type ModelToSave } from '../src/index.js';
import { begin, oneWeightModel, setWeight, weightOf } from './drive.js';
import { checkpointOptionsOf, golden, numberOf, numbersOf, type CheckpointCase } from './golden.js';

interface Run {
  readonly options: ModelCheckpointOptions;
  readonly logs: readonly Record<string, number>[];
  readonly batches?: number;
  /** Before which epoch the callback is replaced by a new one that is given its state; default never. */
  readonly splitAt?: number;
}

async function trace({ options, logs, batches = 1, splitAt }: Run) {
  const model = oneWeightModel();
  const saved: ModelToSave[] = [];
  const create = () => modelCheckpoint({ ...options, save: (_, what) => void saved.push(what) });
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
const startsWithNaN = ({ params, logs }: CheckpointCase) =>
  params.save_best_only === true && logs[0][(params.monitor as string) ?? 'val_loss'] === 'NaN';

const cases = golden.ModelCheckpoint.map((test, i) => ({
  ...test,
  title: `${i}: ${test.note ?? test.params.filepath}`,
}));

describe("modelCheckpoint does what Keras's does", () => {
  const same = cases.filter((test) => !startsWithNaN(test));

  it('in all of the 42 cases but the one that begins with NaN', () => {
    expect([cases.length, same.length]).toEqual([42, 41]);
  });

  it.each(same)('$title', async (test) => {
    const { saved, best } = await trace(runOf(test));
    expect(
      saved.map(({ weightsOnly, ...what }) => ({ kind: weightsOnly ? 'weights' : 'model', ...what })),
    ).toEqual(test.expected.saved);
    expect(best).toBe(numberOf(test.expected.best));
  });
});

describe('modelCheckpoint', () => {
  it('saves a first model whose metric is NaN, and then the first with a number, where Keras saves none again', async () => {
    const [test] = cases.filter(startsWithNaN);
    const { saved, best } = await trace(runOf(test));
    expect(saved.map(({ path }) => path)).toEqual(['b1.keras', 'b2.keras', 'b3.keras', 'b4.keras']);
    expect(best).toBe(0.8);
  });

  it('goes on exactly from a state taken after any epoch', async () => {
    for (const test of cases) {
      const run = runOf(test);
      const whole = await trace(run);
      for (let splitAt = 0; splitAt < Math.min(4, run.logs.length); splitAt++)
        expect(await trace({ ...run, splitAt })).toEqual(whole);
    }
  });

  it('keeps its best value from one fit to the next', async () => {
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

  it('lets no model of an epoch without validation take the place of the best one', async () => {
    const model = oneWeightModel();
    const paths: string[] = [];
    const save = (_: tf.LayersModel, { path }: ModelToSave) => void paths.push(path);
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

  it('writes what tf.loadLayersModel and tf.io.loadWeights read, and keeps no tensor', async () => {
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

  it('ends training with a word on what is logged when its path names something else', async () => {
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
      'Expected mode to be one of min, max with monitor "val_foo", got "auto"',
    ],
    [{ initialValueThreshold: NaN }, 'Expected initialValueThreshold to be a number, got NaN'],
  ])('refuses %o', (options: ModelCheckpointOptions, message) => {
    const base = Object.keys(options).some((name) => /path|Freq|Best|initial/.test(name))
      ? { store: memoryStore() }
      : {};
    expect(() => modelCheckpoint({ ...base, ...options })).toThrow(new InputError(message));
  });
});
