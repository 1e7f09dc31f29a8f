import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseBackend, chooseTrainingBackend } from '../../src/backend/choose-backend.js';

afterAll(() => tf.setBackend('cpu'));

describe('without a choice', () => {
  // tfjs-node is not installed here: where it is, a benchmark decides.
  it.each([
    ['chooseBackend', chooseBackend],
    ['chooseTrainingBackend', chooseTrainingBackend],
  ])('%s chooses the fastest backend', async (_, choose) => {
    await tf.setBackend('cpu');
    const fastest = await choose('auto');
    expect(fastest.reason).not.toBe('requested');
    const chosen = tf.getBackend();
    await tf.setBackend('cpu');
    expect(await choose()).toEqual(fastest);
    expect(tf.getBackend()).toBe(chosen);
  });
});

describe('a choice', () => {
  it.each(['simd', 'cpu'])('of %s is followed', async (name) => {
    for (const choose of [chooseBackend, chooseTrainingBackend]) {
      const { reason } = await choose(name);
      expect([reason, tf.getBackend()]).toEqual(['requested', name]);
    }
  });

  it('of a backend that cannot train is refused for training', () => {
    expect(() => chooseTrainingBackend('wasm')).toThrow(
      /^Expected --backend to be one of auto, simd, .*cpu, got "wasm"/,
    );
  });

  it('of an unknown backend is refused', async () => {
    await expect(chooseBackend('tpu')).rejects.toThrow(
      'Expected --backend to be one of auto, simd, node, wasm, cpu, got "tpu"',
    );
  });
});
