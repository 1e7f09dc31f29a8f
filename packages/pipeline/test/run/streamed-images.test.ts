import { createHash } from 'node:crypto';
import { generateShapes } from '@convlens/image-set/shapes';
import { loadFolder, openImages, type OpenImagesOptions } from '@convlens/image-set/folder';
import { decodeWorkers, type DecodeWorkers } from '@convlens/image-set/node';
import { memoryStore, type BlobStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findRecipe,
  readRun,
  trainRun,
  type RunDescription,
  type RunSettings,
  type TrainingImages,
} from '../../src/index.js';
import { buildTestModel } from './resume/run.js';

const files = memoryStore();
const SIZE = { height: 32, width: 32 };
let decoders: DecodeWorkers;

beforeAll(async () => {
  await tf.setBackend('simd');
  const { pixels, labels, count, height, width } = generateShapes({ count: 60 });
  const size = height * width * 3;
  for (let i = 0; i < count; i++) {
    const data = pixels.slice(i * size, (i + 1) * size) as Uint8Array;
    const split = i < 48 ? 'train' : 'val';
    await files.write(`${split}/${labels[i] % 3}/${i}.png`, encode({ height, width, channels: 3, data }));
  }
  decoders = decodeWorkers({ workers: 2 });
});

afterAll(() => decoders.close());

const describeRun = (change: Partial<RunSettings>): RunDescription => ({
  settings: {
    ...findRecipe('cifar10-fast').settings,
    ...{ data: './shapes', model: 'test-model', epochs: 3, batchSize: 16, validation: 'stratified:0.2' },
    ...{ learningRate: 0.02, biasScale: 4, schedule: undefined, preprocessing: 'standardized', ...change },
  },
  backend: 'simd',
  versions: {},
});

const train = async (images: TrainingImages, change: Partial<RunSettings>, options: object = {}) => {
  const store = memoryStore();
  await trainRun(describeRun(change), { store, images, build: buildTestModel, ...options });
  return { store, ...(await outcome(store)) };
};

/** The weights, the whole history but the seconds, and what run.json holds. */
const outcome = async (store: BlobStore) => {
  const { history, description } = await readRun(store);
  const weights = createHash('sha256').update((await store.read('model/weights.bin'))!);
  return {
    weights: weights.digest('hex'),
    history: history.map((record) => ({ ...record, seconds: 0 })),
    description,
  };
};

const open = (options: OpenImagesOptions = {}) =>
  openImages(files, { ...SIZE, split: 'train', decoders, window: 8, ...options });

describe('a run on a stream of images', () => {
  it.each<[string, Partial<RunSettings>]>([
    ['with statistics, whitening and augmentation', { augment: 'shift=0.1,flip' }],
    ['with other numbers of steps than the images have', { stepsPerEpoch: 5, validation: 'shuffled:8' }],
    [
      'with the last images held out and without whitening',
      { data: 'shapes', validation: 'last:9', whiten: false, seed: 4 },
    ],
  ])('has the weights of the same images in memory, bit for bit: %s', async (_, change) => {
    const inMemory = await train(await loadFolder(files, { ...SIZE, split: 'train' }), change);
    const streamed = await train(await open(), change);
    expect({ ...streamed, store: undefined }).toEqual({ ...inMemory, store: undefined });
    expect(inMemory.history).toHaveLength(3);
  });

  it('validates on a stream of the validation images of the folder', async () => {
    const change = { validation: 'separate' };
    const validation = { ...SIZE, split: 'validation' as const };
    const inMemory = await train(await loadFolder(files, { ...SIZE, split: 'train' }), change, {
      validationImages: await loadFolder(files, validation),
    });
    const streamed = await train(await open(), change, { validationImages: await open(validation) });
    expect(streamed.history).toEqual(inMemory.history);
  });

  it('is resumed from memory, and the other way round', async () => {
    const set = await loadFolder(files, { ...SIZE, split: 'train' });
    const expected = await train(set, { epochs: 3 });
    for (const [first, second] of [
      [await open(), set],
      [set, await open()],
    ]) {
      const { store } = await train(first, { epochs: 2 });
      const build = buildTestModel;
      await trainRun(describeRun({ epochs: 3 }), { store, images: second, build, resume: true });
      expect(await outcome(store)).toEqual({ ...(await outcome(expected.store)) });
    }
  });

  it('names a file that is damaged, and leaves no run', async () => {
    const damaged = memoryStore();
    for (const name of await files.list()) {
      const bytes = (await files.read(name))!;
      await damaged.write(name, name.startsWith('train/1/') ? bytes.slice(0, 50) : bytes);
    }
    const images = await openImages(damaged, { ...SIZE, split: 'train', decoders });
    const store = memoryStore();
    await expect(trainRun(describeRun({}), { store, images, build: buildTestModel })).rejects.toThrow(
      /^memory\/train\/1\/\d+\.png: expected /,
    );
    expect(await store.list()).toEqual([]);
  });

  it('is refused with more images than its limit', async () => {
    const store = memoryStore();
    await expect(
      trainRun(describeRun({ limit: 30 }), { store, images: await open(), build: buildTestModel }),
    ).rejects.toThrow(
      'Expected a stream of at most limit (30) images, got 38: give openImages the same limit',
    );
    const { history } = await train(await open({ limit: 30 }), { limit: 30 });
    expect(history).toHaveLength(3);
  });
});
