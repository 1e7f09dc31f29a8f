import { generateShapes } from '@convlens/image-set/shapes';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRecipe, trainRun, type RunDescription } from '../../src/index.js';
import { namingFittingBatch } from '../../src/run/fitting-batch-size.js';

const images = generateShapes({ count: 100 });
const description = (batchSize: number): RunDescription => ({
  settings: { ...findRecipe('shapes').settings, limit: 100, epochs: 1, batchSize, augment: '' },
  backend: 'simd',
  versions: {},
});

beforeAll(async () => {
  await tf.setBackend('simd');
});
afterAll(() => tf.setBackend('cpu'));

/** A model whose step fails with more than `limit` images. */
const buildLimited = (limit: number, error: Error) => () => {
  const { height, width, channels, classNames } = images;
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, channels] }),
      tf.layers.dense({ units: classNames.length, name: 'dense' }),
    ],
  });
  const train = model.trainOnBatch.bind(model);
  model.trainOnBatch = async (x, y) => {
    if ((x as tf.Tensor).shape[0]! > limit) throw error;
    return train(x, y);
  };
  return model;
};

const outOfMemory = Object.assign(new Error("Backend 'simd' has no room for 99 bytes"), {
  name: 'OutOfMemory',
});
const HALVED = (size: number, from: number) =>
  `A batch size of ${size} fits: one step with ${size} images was tried, after halving ${from}`;

describe('a training that runs out of memory names the first half of the batch size that fits', () => {
  it.each([
    [64, 63, 32, outOfMemory],
    [64, 15, 8, outOfMemory],
    [50, 1, 1, outOfMemory],
    [64, 32, 32, new RangeError('Array buffer allocation failed')],
    [64, 20, 16, new RangeError('Invalid typed array length: 99999999999')],
  ])('batch size %i, room for %i', async (batchSize, limit, fitting, error) => {
    const store = memoryStore();
    const before = tf.memory().numTensors;
    const training = trainRun(description(batchSize), { store, images, build: buildLimited(limit, error) });
    await expect(training).rejects.toThrow(
      `Out of memory in a step with batch size ${batchSize} (${error.message}). ${HALVED(fitting, batchSize)}`,
    );
    // The optimizer of a step that failed may keep its learning rate.
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(0);
    expect(await store.list()).toEqual([]);
  });

  it('says so if not even one image fits', async () => {
    const build = buildLimited(0, outOfMemory);
    await expect(trainRun(description(16), { store: memoryStore(), images, build })).rejects.toThrow(
      'Not even a step with 1 image fits: use a smaller model',
    );
  });

  it.each([
    new Error('no such kernel'),
    new RangeError('Maximum call stack size exceeded'),
    new RangeError('Invalid typed array length: -1'),
  ])('but not for %s', async (error) => {
    const build = buildLimited(0, error);
    await expect(trainRun(description(16), { store: memoryStore(), images, build })).rejects.toBe(error);
  });
});

it('a training that computes on the heap because the memory of simd is full is warned of', async () => {
  const { threadPool } = tf.backend() as unknown as {
    threadPool: {
      memory: { allocate(bytes: number): number; release(address: number, bytes: number): void };
    };
  };
  const blocks: [number, number][] = [];
  const fill = () => {
    for (const size of [2 ** 28, 2 ** 24, 2 ** 20, 2 ** 16])
      for (;;)
        try {
          blocks.push([threadPool.memory.allocate(size), size]);
        } catch {
          break;
        }
  };
  const warnings: string[] = [];
  const options = { store: memoryStore(), images, onWarning: (text: string) => void warnings.push(text) };
  try {
    fill();
    await trainRun(description(64), { ...options, build: buildLimited(999, outOfMemory) });
  } finally {
    for (const [address, size] of blocks) threadPool.memory.release(address, size);
  }
  expect(warnings).toEqual([
    expect.stringMatching(
      /^The memory of the backend is full: operations run on the JavaScript heap, slowly\. (A batch size of \d+ fits: one step|Not even a step)/,
    ),
  ]);
  expect((tf.memory() as unknown as { kernelsOnHeap: number }).kernelsOnHeap).toBeGreaterThan(0);
});

const guard = { batchSize: 8, step: async () => {}, onWarning: () => {}, isResumed: false };

it('returns the result of work that fits', async () => {
  expect(await namingFittingBatch(async () => 7, guard)).toBe(7);
});

describe('the error of a step that runs out of memory', () => {
  const fail = () => Promise.reject(outOfMemory);

  it('says that a resumed run keeps its batch size', () =>
    expect(namingFittingBatch(fail, { ...guard, isResumed: true })).rejects.toThrow(
      'after halving 8. A resumed run keeps its batch size: start a new one',
    ));

  it('is thrown as it is if smaller steps fail for another reason', () =>
    expect(
      namingFittingBatch(fail, { ...guard, step: () => Promise.reject(new Error('another')) }),
    ).rejects.toBe(outOfMemory));
});
