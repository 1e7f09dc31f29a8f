import { createHash } from 'node:crypto';
import { bestEpochOf, type ImageSet } from '@convlens/core';
import { imageChecksum, subset, take } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel, loadModel } from '@convlens/models';
import { memoryStore, readText, substore, writeJson, type BlobStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import type { TrainingProgress } from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { findRecipe, readRun, trainRun, type RunDescription, type RunSettings } from '../../src/index.js';

const settings: RunSettings = {
  ...findRecipe('shapes').settings,
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
const images = generateShapes({ count: 80 });
/** Everything that must be the same when a run is repeated: all but the seconds. */
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
  it('writes a run folder: description, history, best model, the last two checkpoints, summary', async () => {
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
    expect(run.description).toEqual({ ...describeRun(), dataChecksum: await imageChecksum(images) });
    expect(run.summary).toEqual(summary);
    expect(run.history.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const lines = (await readText(store, 'history.csv'))!.split('\n');
    expect(lines[0]).toBe('epoch,learningRate,loss,accuracy,valLoss,valAccuracy,seconds');
    expect(lines[2].startsWith(`1,${run.history[1].learningRate},${run.history[1].loss},`)).toBe(true);
    const { model, classNames } = await loadModel(substore(store, 'model'));
    expect(classNames).toEqual(images.classNames);
    model.dispose();
  });

  it('gives the same results when it is repeated, and when it is interrupted and resumed', async () => {
    const [whole, repeated, resumed] = [memoryStore(), memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    await trainRun(describeRun(), { store: repeated, images });
    expect(await outcome(repeated)).toEqual(await outcome(whole));

    const controller = new AbortController();
    const onProgress = ({ kind, epoch }: TrainingProgress) =>
      kind === 'epoch' && epoch === 0 && controller.abort();
    const stopped = trainRun(describeRun(), {
      store: resumed,
      images,
      onProgress,
      signal: controller.signal,
    });
    await expect(stopped).rejects.toThrow('aborted');
    expect((await readRun(resumed)).history).toHaveLength(1);
    await trainRun(describeRun(), { store: resumed, images, resume: true });
    expect(await outcome(resumed)).toEqual(await outcome(whole));
  });

  it('skips a damaged checkpoint with a warning, and resumes from the one before', async () => {
    const [whole, damaged] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    await trainRun(describeRun({ epochs: 2 }), { store: damaged, images });
    const bytes = (await damaged.read('checkpoint/0002.checkpoint'))!;
    await damaged.write('checkpoint/0002.checkpoint', bytes.slice(0, -9));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    await trainRun(describeRun(), { store: damaged, images, resume: true, onWarning });
    expect(warnings).toEqual([
      expect.stringMatching(/0002\.checkpoint is corrupt: its checksum does not match/),
    ]);
    expect(await outcome(damaged)).toEqual(await outcome(whole));
  });

  it('starts again after a kill that left one epoch and no checkpoint', async () => {
    const [whole, killed] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    await trainRun(describeRun({ epochs: 1 }), { store: killed, images });
    await killed.remove('checkpoint');
    await trainRun(describeRun(), { store: killed, images, resume: true });
    expect(await outcome(killed)).toEqual(await outcome(whole));
  });

  it('has other weights with another seed', async () => {
    const [first, second] = [memoryStore(), memoryStore()];
    await trainRun(describeRun({ epochs: 1 }), { store: first, images });
    await trainRun(describeRun({ epochs: 1, seed: 2 }), { store: second, images });
    expect((await outcome(first)).weights).not.toBe((await outcome(second)).weights);
  });

  it('leaves no tensor, even when it is aborted', async () => {
    const before = tf.memory().numTensors;
    await trainRun(describeRun({ epochs: 1 }), { store: memoryStore(), images });
    const stopped = trainRun(describeRun(), { store: memoryStore(), images, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses invalid settings, images and models, and leaves no files', async () => {
    const expectRefused = async (message: string, change: Partial<RunSettings>, set: ImageSet = images) => {
      const store = memoryStore();
      await expect(trainRun(describeRun(change), { store, images: set })).rejects.toThrow(message);
      expect(await store.list()).toEqual([]);
    };
    await expectRefused('got "vgg"', { model: 'vgg' });
    await expectRefused('Expected epochs', { epochs: 0 });
    await expectRefused('Expected learningRate', { learningRate: 0 });
    await expectRefused(
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
      'a feature map as output',
      () => tf.sequential({ layers: [tf.layers.dense({ units: 10, inputShape: [32, 32, 3] })] }),
      'Expected a model with 10 outputs, one per class, got 32 x 32 x 10',
    ],
    [
      'another input shape',
      () => tf.sequential({ layers: [tf.layers.dense({ units: 10, inputShape: [3072] })] }),
      'Expected a model that reads images of 32 x 32 x 3, got one that reads 3072',
    ],
  ])('refuses a model with %s, and leaves no files', async (_, build, message) => {
    const store = memoryStore();
    await expect(trainRun(describeRun(), { store, images, build })).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  it('leaves no files when the first epoch fails', async () => {
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

  it('can be resumed after any interruption, and after a failed resume', async () => {
    const [whole, stopped] = [memoryStore(), memoryStore()];
    await trainRun(describeRun(), { store: whole, images });
    const late = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
    await expect(trainRun(describeRun(), { store: stopped, images, signal: late })).rejects.toThrow('late');
    const fails = () => {
      throw new Error('no module');
    };
    const resumeOptions = { store: stopped, images, resume: true };
    const failing = (): tf.LayersModel => {
      const model = buildModel('shapes-3conv');
      model.trainOnBatch = fails;
      return model;
    };
    await expect(trainRun(describeRun(), { ...resumeOptions, build: failing })).rejects.toThrow('no module');
    await trainRun(describeRun(), resumeOptions);
    expect(await outcome(stopped)).toEqual(await outcome(whole));
  });

  it('trains on the first images only with a limit', async () => {
    const [limited, first] = [memoryStore(), memoryStore()];
    const limit = 40;
    await trainRun(describeRun({ limit }), { store: limited, images });
    await trainRun(describeRun({ limit }), { store: first, images: take(images, limit) });
    expect(await outcome(limited)).toEqual(await outcome(first));
  });

  it('keeps the summary consistent with the model when a longer run is interrupted', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    const controller = new AbortController();
    const onProgress = ({ kind, epoch }: TrainingProgress) =>
      kind === 'epoch' && epoch === 1 && controller.abort();
    const longer = { store, images, resume: true, onProgress, signal: controller.signal };
    await expect(trainRun(describeRun({ epochs: 9 }), longer)).rejects.toThrow('aborted');
    const { summary, history } = await readRun(store);
    expect(summary).toMatchObject({ epochs: 2, epochsPlanned: 9, best: bestEpochOf(history) });
  });

  it('does not change a finished run, and warns', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 1 }), { store, images });
    const { summary } = await readRun(store);
    const confusion = summary!.classNames.map(() => summary!.classNames.map(() => 0));
    const test = { name: 'kept', count: 1, loss: 0.5, accuracy: 1, confusion };
    await writeJson(store, 'summary.json', { ...summary, test });
    const warnings: string[] = [];
    const options = {
      store,
      images,
      resume: true,
      onWarning: (message: string) => warnings.push(message),
    };
    expect(await trainRun(describeRun({ epochs: 1 }), options)).toMatchObject({ test });
    expect((await readRun(store)).summary).toMatchObject({ test });
    expect(warnings).toEqual(['The run is finished: there is nothing to train.']);
  });

  it('summarizes all epochs after a kill that left the last one only in the history', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 2 }), { store, images });
    const summary = await store.read('summary.json');
    const whole = await trainRun(describeRun(), { store, images, resume: true });
    await store.write('summary.json', summary!);
    await store.remove('checkpoint/0003.checkpoint');
    const resumed = await trainRun(describeRun(), { store, images, resume: true });
    expect(resumed).toMatchObject({ epochs: 3, best: { epoch: whole.best.epoch } });
    expect((await readRun(store)).summary).toEqual(resumed);
  });

  it('refuses to resume with other settings or no checkpoint, and changes nothing', async () => {
    const store = memoryStore();
    await trainRun(describeRun({ epochs: 2 }), { store, images });
    const before = await readText(store, 'run.json');
    const resume = (epochs: number) => trainRun(describeRun({ epochs }), { store, images, resume: true });
    const resumeWith = (change: Partial<RunSettings>) =>
      expect(trainRun(describeRun(change), { store, images, resume: true })).rejects;
    await resumeWith({ batchSize: 8 }).toThrow(
      'Expected batchSize to be 16, as in the run to be resumed, got 8',
    );
    await resumeWith({ plateau: null }).toThrow(
      'Expected plateau to be {"factor":0.5,"patience":0}, as in the run to be resumed, got null',
    );
    await resumeWith({ labelSmoothing: 0.1 }).toThrow('Expected labelSmoothing to be undefined');
    await expect(resume(1)).rejects.toThrow('Expected at least the 2 epochs that are finished, got epochs 1');
    await store.write('checkpoint/0002.checkpoint', Uint8Array.of(1));
    await store.write('checkpoint/0001.checkpoint', Uint8Array.of(1));
    await expect(resume(3)).rejects.toThrow('0002.checkpoint is corrupt');
    await store.remove('checkpoint');
    await expect(resume(3)).rejects.toThrow(
      'Expected a checkpoint to resume from after 2 epochs, found none',
    );
    expect(await readText(store, 'run.json')).toBe(before);
  });

  it('refuses to overwrite a run or its checkpoints, and to resume an empty folder', async () => {
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

describe('a run with a schedule that depends on the epochs', () => {
  const scheduled: RunSettings = {
    ...findRecipe('shapes').settings,
    plateau: null,
    schedule: 'one-cycle',
    epochs: 2,
    batchSize: 8,
    validateEvery: 2,
  };
  const description = (change: Partial<RunSettings> = {}) => ({
    settings: { ...scheduled, ...change },
    backend: 'simd',
    versions: {},
  });

  it('is validated every second epoch, and is not resumed for more epochs', async () => {
    const [store, shapes] = [memoryStore(), generateShapes({ count: 40 })];
    const { best } = await trainRun(description(), { store, images: shapes });
    expect(best.epoch).toBe(1);
    const { history } = await readRun(store);
    expect(history.map(({ valLoss }) => valLoss !== undefined)).toEqual([false, true]);
    // Five steps per epoch: the rate of the first is a 25th of the peak.
    expect(history[0].learningRate).toBeCloseTo(scheduled.learningRate / 25, 12);
    expect(history[1].learningRate).toBeGreaterThan(scheduled.learningRate / 2);
    await expect(
      trainRun(description({ epochs: 4 }), { store, images: shapes, resume: true }),
    ).rejects.toThrow(
      'Expected epochs to be 2, since the schedule one-cycle of this run depends on it, got 4',
    );
  });
});
