import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import {
  getConvolutionMethod,
  getThreadsCount,
  setConvolutionMethod,
  setThreadsCount,
} from '../../src/index.js';

afterAll(() => setThreadsCount(1));

const isStarted = () => 'simd' in tf.engine().registry;

it('settings made before the backend has started apply when it starts', async () => {
  const processors = process.getBuiltinModule('node:os').availableParallelism();
  expect(getThreadsCount()).toBe(Math.min(16, processors));
  await expect(setThreadsCount(0)).rejects.toThrow(RangeError);
  await setThreadsCount(3);
  expect(getThreadsCount()).toBe(3);
  setConvolutionMethod('direct');
  expect(getConvolutionMethod()).toBe('direct');
  // Neither starts the backend, or selects it.
  expect(isStarted()).toBe(false);
  expect(tf.getBackend()).not.toBe('simd');
  expect(await tf.setBackend('simd')).toBe(true);
  expect([tf.getBackend(), getThreadsCount(), getConvolutionMethod()]).toEqual(['simd', 3, 'direct']);
  setConvolutionMethod('winograd');
});

it('a number of threads set while the backend starts is that of the started backend', async () => {
  tf.engine().reset();
  expect(isStarted()).toBe(false);
  const start = tf.setBackend('simd');
  await setThreadsCount(2);
  expect(await start).toBe(true);
  expect(getThreadsCount()).toBe(2);
  expect(tf.relu(tf.tensor1d([-1, 2])).dataSync()[1]).toBe(2);
});

it('backends that are set at once have the number of threads of the one that is kept', async () => {
  for (const count of [2, 3, 2, 4, 3]) {
    tf.engine().reset();
    const starts = Promise.all([tf.setBackend('simd'), tf.setBackend('simd'), tf.setBackend('simd')]);
    if (count > 2) await starts;
    await setThreadsCount(count);
    expect((await starts).at(-1)).toBe(true);
    const { threadPool } = tf.backend() as unknown as SimdBackend;
    expect([getThreadsCount(), threadPool.readyCount]).toEqual([count, count]);
    expect(tf.relu(tf.fill([100_000], -1)).dataSync()[99_999]).toBe(0);
  }
});

it('the number of threads is kept while the backend is disposed of and started again', async () => {
  await setThreadsCount(3);
  tf.engine().reset();
  expect(getThreadsCount()).toBe(3);
  await tf.setBackend('simd');
  expect(getThreadsCount()).toBe(3);
});

it('the last of several numbers set at once applies', async () => {
  await Promise.all([4, 1, 3, 2].map((count) => setThreadsCount(count)));
  expect(getThreadsCount()).toBe(2);
  expect(tf.relu(tf.fill([100_000], -1)).dataSync()[99_999]).toBe(0);
});

it('the number of threads stays while another backend is selected', async () => {
  await setThreadsCount(2);
  await tf.setBackend('cpu');
  expect([tf.getBackend(), getThreadsCount()]).toEqual(['cpu', 2]);
  await setThreadsCount(3);
  await tf.setBackend('simd');
  expect(getThreadsCount()).toBe(3);
});
