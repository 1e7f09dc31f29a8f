import { createHash } from 'node:crypto';
import { memoryStore, type BlobStore } from '@convlens/storage';
import type { ImageSet } from '@convlens/core';
import { subset, take } from '@convlens/image-set';
import { makeShapes } from '@convlens/image-set/shapes';
import { buildModel, loadModel } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import type { TrainingProgress } from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { bestOf, readRun, recipes, trainRun, type RunDescription, type RunSettings } from '../src/index.js';

const settings: RunSettings = {
  ...recipes.shapes,
  limit: 80,
  epochs: 3,
  batchSize: 16,
  plateau: { factor: 0.5, patience: 0 },
};
const describeRun = (change: Partial<RunSettings> = {}): RunDescription => ({
  settings: { ...settings, ...change },
  backend: 'simd',
  versions: {},
});
const images = makeShapes({ count: 80 });
const text = async (store: BlobStore, name: string) => new TextDecoder().decode(await store.read(name));
/** All that must be the same when a run is repeated: everything but the seconds. */
const outcome = async (store: BlobStore) => ({
  weights: createHash('sha256')
    .update((await store.read('model/weights.bin'))!)
    .digest('hex'),
  history: (await readRun(store)).history.map((record) => ({ ...record, seconds: 0 })),
});

beforeAll(async () => {
  await tf.setBackend('simd');
});

describe('trainRun', () => {
  it('leaves a run folder: description, history, best model, the last two checkpoints, summary', async () => {
    const store = memoryStore();
    const summary = await trainRun(describeRun(), { store, images });
    expect(await store.list()).toEqual([
      'checkpoint/0002.checkpoint',
      'checkpoint/0003.checkpoint',
      'history.csv',
      'history.json',
      'model/model.json',
      'model/weights.bin',
      'run.json',
      'summary.json',
    ]);
    const run = await readRun(store);
    expect(run.description).toEqual(describeRun());
    expect(run.summary).toEqual(summary);
    expect(run.history.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const lines = (await text(store, 'history.csv')).split('\n');
    expect(lines[0]).toBe('epoch,learningRate,loss,accuracy,valLoss,valAccuracy,seconds');
    expect(lines[2].startsWith(`1,${run.history[1].learningRate},${run.history[1].loss},`)).toBe(true);
    const { model, classNames } = await loadModel({ ...store, read: (name) => store.read(`model/${name}`) });
    expect(classNames).toEqual(images.classNames);
    model.dispose();
  });

  it('does the same when it is repeated, and when it is stopped and resumed', async () => {
    const [once, again, parts] = [memoryStore(), memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: once, images });
    await trainRun(describeRun(), { store: again, images });
    expect(await outcome(again)).toEqual(await outcome(once));

    const controller = new AbortController();
    const onProgress = ({ kind, epoch }: TrainingProgress) =>
      kind === 'epoch' && epoch === 0 && controller.abort();
    const stopped = trainRun(describeRun(), { store: parts, images, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toThrow('aborted');
    expect((await readRun(parts)).history).toHaveLength(1);
    await trainRun(describeRun(), { store: parts, images, resume: true });
    expect(await outcome(parts)).toEqual(await outcome(once));
  });

  it('passes over a damaged checkpoint, says which, and goes on from the one before to the same end', async () => {
    const [whole, damaged] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    await trainRun(describeRun({ epochs: 2 }), { store: damaged, images });
    const bytes = (await damaged.read('checkpoint/0002.checkpoint'))!;
    await damaged.write('checkpoint/0002.checkpoint', bytes.slice(0, -9));
    const said: string[] = [];
    const onNotice = (message: string) => said.push(message);
    await trainRun(describeRun(), { store: damaged, images, resume: true, onNotice });
    expect(said).toEqual([expect.stringMatching(/0002\.checkpoint is refused: its checksum does not fit/)]);
    expect(await outcome(damaged)).toEqual(await outcome(whole));
  });

  it('begins again where a kill left one epoch and no checkpoint', async () => {
    const [whole, killed] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    await trainRun(describeRun({ epochs: 1 }), { store: killed, images });
    await killed.remove('checkpoint');
    await trainRun(describeRun(), { store: killed, images, resume: true });
    expect(await outcome(killed)).toEqual(await outcome(whole));
  });

  it('does something else with another seed', async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    await trainRun(describeRun({ epochs: 1 }), { store: one, images });
    await trainRun(describeRun({ epochs: 1, seed: 2 }), { store: other, images });
    expect((await outcome(one)).weights).not.toBe((await outcome(other)).weights);
  });

  it('keeps no tensor, also when it is stopped', async () => {
    const before = tf.memory().numTensors;
    await trainRun(describeRun({ epochs: 1 }), { store: memoryStore(), images });
    const stopped = trainRun(describeRun(), { store: memoryStore(), images, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what cannot be trained, and leaves nothing behind', async () => {
    const refuse = async (message: string, change: Partial<RunSettings>, set: ImageSet = images) => {
      const store = memoryStore();
      await expect(trainRun(describeRun(change), { store, images: set })).rejects.toThrow(message);
      expect(await store.list()).toEqual([]);
    };
    await refuse('got "vgg"', { model: 'vgg' });
    await refuse('Expected epochs', { epochs: 0 });
    await refuse('Expected learningRate', { learningRate: 0 });
    await refuse(
      'Expected images to train on and images to validate on, got 1 and 0',
      {},
      subset(images, [0]),
    );
    const store = memoryStore();
    const wrong = () =>
      tf.sequential({
        layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ units: 4 })],
      });
    await expect(trainRun(describeRun(), { store, images, build: wrong })).rejects.toThrow(
      'Expected a model with 10 outputs',
    );
    expect(await store.list()).toEqual([]);
  });

  it.each<[string, () => tf.LayersModel, string]>([
    [
      'two inputs',
      () => {
        const inputs = [tf.input({ shape: [32, 32, 3] }), tf.input({ shape: [32, 32, 3] })];
        const flat = tf.layers.flatten().apply(tf.layers.add().apply(inputs)) as tf.SymbolicTensor;
        return tf.model({ inputs, outputs: tf.layers.dense({ units: 10 }).apply(flat) as tf.SymbolicTensor });
      },
      'Expected a model with one input and one output, got 2 and 1',
    ],
    [
      'maps for an output',
      () => tf.sequential({ layers: [tf.layers.dense({ units: 10, inputShape: [32, 32, 3] })] }),
      'Expected a model with 10 outputs, one a class, got 32 x 32 x 10',
    ],
    [
      'other images to read',
      () => tf.sequential({ layers: [tf.layers.dense({ units: 10, inputShape: [3072] })] }),
      'Expected a model that reads images of 32 x 32 x 3, got one that reads 3072',
    ],
  ])('refuses a model with %s, and leaves nothing behind', async (_, build, message) => {
    const store = memoryStore();
    await expect(trainRun(describeRun(), { store, images, build })).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  it('leaves nothing behind when the first epoch fails', async () => {
    const store = memoryStore();
    const fails = (): tf.LayersModel => {
      const model = tf.sequential({
        layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ units: 10 })],
      });
      model.trainOnBatch = () => Promise.reject(new Error('no such kernel'));
      return model;
    };
    await expect(trainRun(describeRun(), { store, images, build: fails })).rejects.toThrow('no such kernel');
    expect(await store.list()).toEqual([]);
  });

  it('can be resumed however it was stopped, and after a resume that failed', async () => {
    const [whole, stopped] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    const late = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
    await expect(trainRun(describeRun(), { store: stopped, images, signal: late })).rejects.toThrow('late');
    const fails = () => {
      throw new Error('no module');
    };
    const resumed = { store: stopped, images, resume: true };
    const failing = (): tf.LayersModel => {
      const model = buildModel('shapes-3conv');
      model.trainOnBatch = fails;
      return model;
    };
    await expect(trainRun(describeRun(), { ...resumed, build: failing })).rejects.toThrow('no module');
    await trainRun(describeRun(), resumed);
    expect(await outcome(stopped)).toEqual(await outcome(whole));
  });

  it('trains on the first images alone where the settings have a limit', async () => {
    const [limited, few] = [memoryStore(), memoryStore()];
    const limit = 40;
    await trainRun(describeRun({ limit }), { store: limited, images });
    await trainRun(describeRun({ limit }), { store: few, images: take(images, limit) });
    expect(await outcome(limited)).toEqual(await outcome(few));
  });

  it('keeps the summary in step with the model when a longer run is stopped', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    const controller = new AbortController();
    const onProgress = ({ kind, epoch }: TrainingProgress) =>
      kind === 'epoch' && epoch === 1 && controller.abort();
    const longer = { store, images, resume: true, onProgress, signal: controller.signal };
    await expect(trainRun(describeRun({ epochs: 9 }), longer)).rejects.toThrow('aborted');
    const { summary, history } = await readRun(store);
    expect(summary).toMatchObject({ epochs: 2, epochsAsked: 9, best: bestOf(history) });
  });

  it('changes nothing of a run that is finished, and says so', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    const test = { name: 'kept' };
    const { summary } = await readRun(store);
    await store.write('summary.json', new TextEncoder().encode(JSON.stringify({ ...summary, test })));
    const said: string[] = [];
    const options = { store, images, resume: true, onNotice: (message: string) => said.push(message) };
    expect(await trainRun(describeRun({ epochs: 1 }), options)).toMatchObject({ test });
    expect((await readRun(store)).summary).toMatchObject({ test });
    expect(said).toEqual(['The run is finished: nothing to do.']);
  });

  it('tells of all epochs where a kill left the last one in the history alone', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 2 }), { store, images });
    const summary = await store.read('summary.json');
    const whole = await trainRun(describeRun(), { store, images, resume: true });
    await store.write('summary.json', summary!);
    await store.remove('checkpoint/0003.checkpoint');
    const said = await trainRun(describeRun(), { store, images, resume: true });
    expect(said).toMatchObject({ epochs: 3, best: { epoch: whole.best.epoch } });
    expect((await readRun(store)).summary).toEqual(said);
  });

  it('refuses to resume what it cannot go on with, before it changes anything', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 2 }), { store, images });
    const before = await text(store, 'run.json');
    const resume = (epochs: number) => trainRun(describeRun({ epochs }), { store, images, resume: true });
    const otherwise = (change: Partial<RunSettings>) =>
      expect(trainRun(describeRun(change), { store, images, resume: true })).rejects;
    await otherwise({ batchSize: 8 }).toThrow(
      'Expected batchSize to be 16, as the run that is resumed has it, got 8',
    );
    await otherwise({ plateau: null }).toThrow(
      'Expected plateau to be {"factor":0.5,"patience":0}, as the run that is resumed has it, got null',
    );
    await otherwise({ labelSmoothing: 0.1 }).toThrow('Expected labelSmoothing to be undefined');
    await expect(resume(1)).rejects.toThrow('Expected at least the 2 epochs that are finished, got epochs 1');
    await store.write('checkpoint/0002.checkpoint', Uint8Array.of(1));
    await store.write('checkpoint/0001.checkpoint', Uint8Array.of(1));
    await expect(resume(3)).rejects.toThrow('0002.checkpoint is refused');
    await store.remove('checkpoint');
    await expect(resume(3)).rejects.toThrow('Expected a checkpoint to go on from after 2 epochs, found none');
    expect(await text(store, 'run.json')).toBe(before);
  });

  it('refuses to write over a run, or the checkpoints of one, and to resume where there is none', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    await expect(trainRun(describeRun(), { store, images })).rejects.toThrow('found a run in memory');
    await store.remove('run.json');
    await expect(trainRun(describeRun(), { store, images })).rejects.toThrow(
      'found memory/checkpoint/0001.checkpoint: resume that run, remove it',
    );
    expect(await store.read('run.json')).toBeUndefined();
    await expect(trainRun(describeRun(), { store: memoryStore(), images, resume: true })).rejects.toThrow(
      'found no run.json',
    );
  });
});
