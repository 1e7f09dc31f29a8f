import { createHash } from 'node:crypto';
import { memoryStore, type BlobStore, type ImageSet } from '@convlens/core';
import { subset } from '@convlens/image-set';
import { makeShapes } from '@convlens/image-set/shapes';
import { loadModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  enableWasmTraining,
  readRun,
  recipes,
  trainRun,
  type RunDescription,
  type RunSettings,
} from '../src/index.js';

const settings: RunSettings = {
  ...recipes.shapes,
  limit: 80,
  epochs: 3,
  batchSize: 16,
  plateau: { factor: 0.5, patience: 0 },
};
const describeRun = (change: Partial<RunSettings> = {}): RunDescription => ({
  settings: { ...settings, ...change },
  backend: 'wasm',
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
  await tf.setBackend('wasm');
  enableWasmTraining();
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
    const onProgress = ({ epoch }: { epoch: number }) => epoch === 1 && controller.abort();
    const stopped = trainRun(describeRun(), { store: parts, images, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toThrow('aborted');
    expect((await readRun(parts)).history).toHaveLength(1);
    await trainRun(describeRun(), { store: parts, images, resume: true });
    expect(await outcome(parts)).toEqual(await outcome(once));
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
    await refuse('one of cifar10-bn-6conv, shapes-3conv, got "vgg"', { model: 'vgg' });
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

  it('refuses to write over a run, and to resume where there is none', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    await expect(trainRun(describeRun(), { store, images })).rejects.toThrow('found a run in memory');
    await expect(trainRun(describeRun(), { store: memoryStore(), images, resume: true })).rejects.toThrow(
      'found no run.json',
    );
  });
});
