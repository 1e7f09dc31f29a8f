import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { enableWasmTraining } from '../src/wasm-training.js';

type Shape = [number, number, number, number];

const values = (key: string, shape: number[]) => {
  const random = randomAt(1, key);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1),
    shape,
  );
};

/** The gradients of a weighed sum of a convolution's outputs, by the input and by the filter. */
async function gradients(backend: string, x: Shape, filter: Shape, stride: number, pad: 'same' | 'valid') {
  await tf.setBackend(backend);
  const results = tf.tidy(() => {
    const f = (a: tf.Tensor, b: tf.Tensor) => {
      const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
      return tf.sum(tf.mul(y, values('weights', y.shape))) as tf.Scalar;
    };
    return tf
      .grads(f)([values('x', x), values('filter', filter)])
      .map((gradient) => [...gradient.dataSync()]);
  });
  return results;
}

const close = (ours: number[], reference: number[]) => {
  const scale = Math.max(...reference.map(Math.abs));
  expect(ours.length).toBe(reference.length);
  ours.forEach((value, i) => expect(Math.abs(value - reference[i])).toBeLessThanOrEqual(1e-5 * scale));
};

beforeAll(async () => {
  await tf.setBackend('wasm');
  enableWasmTraining();
  enableWasmTraining();
});

describe('enableWasmTraining', () => {
  it.each<[string, Shape, Shape, number]>([
    ['3x3', [2, 8, 8, 3], [3, 3, 3, 4], 1],
    ['1x1', [2, 5, 5, 3], [1, 1, 3, 2], 1],
    ['an even kernel', [2, 7, 6, 2], [2, 4, 2, 3], 1],
    ['stride 2', [2, 8, 8, 3], [3, 3, 3, 4], 2],
    ['stride 2 on an odd image', [1, 7, 9, 2], [3, 3, 2, 2], 2],
    ['stride 2 with a 1x1 kernel', [2, 8, 8, 3], [1, 1, 3, 4], 2],
    ['stride 3 with a 5x5 kernel', [3, 11, 10, 1], [5, 5, 1, 4], 3],
    ['one image of one channel', [1, 6, 6, 1], [3, 3, 1, 1], 1],
  ])('gives the gradients of a convolution that the cpu backend gives: %s', async (_, x, filter, stride) => {
    for (const pad of ['same', 'valid'] as const) {
      const [ours, reference] = [
        await gradients('wasm', x, filter, stride, pad),
        await gradients('cpu', x, filter, stride, pad),
      ];
      close(ours[0], reference[0]);
      close(ours[1], reference[1]);
    }
  });

  it.each([
    [
      [1, 1, 1, 3],
      [2, 4, 5, 1],
    ],
    [[3], [4]],
    [
      [1, 3],
      [4, 1],
    ],
    [
      [2, 3],
      [2, 2],
    ],
    [
      [1, 1],
      [3, 1],
    ],
  ])('tiles %j by %j as the cpu backend does', async (shape, reps) => {
    const tile = async (backend: string) => {
      await tf.setBackend(backend);
      return tf.tidy(() => tf.tile(values('tile', shape), reps).arraySync());
    };
    expect(await tile('wasm')).toEqual(await tile('cpu'));
  });

  it('keeps no tensor', async () => {
    await tf.setBackend('wasm');
    const before = tf.memory().numTensors;
    await gradients('wasm', [2, 8, 8, 3], [3, 3, 3, 4], 1, 'same');
    expect(tf.memory().numTensors).toBe(before);
  });
});
