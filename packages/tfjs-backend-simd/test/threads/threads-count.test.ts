import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getThreadsCount, setThreadsCount } from '../../src/index.js';
import { trainSmall } from '../support/train-small.js';

beforeAll(() => tf.setBackend('simd'));
afterAll(() => setThreadsCount(1));

describe('setThreadsCount', () => {
  it('does not change the bits of results: 1 and 2 threads', async () => {
    await setThreadsCount(1);
    const x = tf.randomNormal([64, 1024], 0, 1, 'float32', 1);
    const one = tf.relu(x).dataSync();
    await setThreadsCount(2);
    expect(getThreadsCount()).toBe(2);
    const two = tf.relu(x).dataSync();
    expect(two).toEqual(one);
  });

  it('does not change the trained weights: 1, 2 and 3 threads', async () => {
    const weights = [];
    for (const count of [1, 2, 3]) {
      await setThreadsCount(count);
      weights.push(await trainSmall());
    }
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).toEqual(weights[0]);
  });

  it.each([0, 65, 1.5, NaN, '2'])('refuses the count %o', async (count) => {
    const countText = typeof count === 'string' ? '"2"' : count;
    await expect(setThreadsCount(count as number)).rejects.toThrow(
      `Expected count to be an integer from 1 to 64, got ${countText}`,
    );
  });
});
