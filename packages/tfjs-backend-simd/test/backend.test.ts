import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { setThreadsCount } from '../src/index.js';
import { trainSmall } from './train-small.js';

beforeAll(() => tf.setBackend('simd'));

it('computes with one thread and with two, to the same bits', async () => {
  const x = tf.randomNormal([64, 1024], 0, 1, 'float32', 1);
  const one = tf.relu(x).dataSync();
  await setThreadsCount(2);
  const two = tf.relu(x).dataSync();
  expect(two).toEqual(one);
  await setThreadsCount(1);
});

it('trains to the same weights with one thread, two and three', async () => {
  const weights = [];
  for (const count of [1, 2, 3]) {
    await setThreadsCount(count);
    weights.push(await trainSmall());
  }
  expect(weights[1]).toEqual(weights[0]);
  expect(weights[2]).toEqual(weights[0]);
  await setThreadsCount(1);
});
