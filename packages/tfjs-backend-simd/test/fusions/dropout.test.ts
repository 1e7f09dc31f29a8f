import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));
afterAll(() => tf.setBackend('cpu'));

const SIZE = 100_000;
const training = { training: true };

/** Dropout of a tensor of ones. */
const dropOnes = (layer: tf.layers.Layer) =>
  tf.tidy(() => (layer.apply(tf.ones([100, SIZE / 100]), training) as tf.Tensor).dataSync<'float32'>());
const keptFraction = (values: Float32Array) =>
  values.reduce((sum, value) => sum + Number(value !== 0), 0) / SIZE;

it.each([0.1, 0.25, 0.5, 0.9])('sets a fraction of %f to 0 and divides the others by 1 - rate', (rate) => {
  const values = dropOnes(tf.layers.dropout({ rate }));
  // Four standard deviations of a binomial fraction.
  expect(Math.abs(keptFraction(values) - (1 - rate))).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / SIZE));
  expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
});

it('samples independent masks at each call without a seed, and the same mask with a seed', () => {
  const [layer, seeded] = [tf.layers.dropout({ rate: 0.5 }), tf.layers.dropout({ rate: 0.5, seed: 3 })];
  const [first, second] = [dropOnes(layer), dropOnes(layer)];
  for (const shift of [0, 1, 4]) {
    const agreeing =
      first.reduce((sum, value, i) => sum + Number(value === second[(i + shift) % SIZE]), 0) / SIZE;
    expect(Math.abs(agreeing - 0.5)).toBeLessThan(0.01);
  }
  expect(dropOnes(seeded)).toEqual(dropOnes(seeded));
  expect(dropOnes(seeded)).not.toEqual(dropOnes(tf.layers.dropout({ rate: 0.5, seed: 4 })));
});

it('passes the gradient where the value was kept', () => {
  tf.tidy(() => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    let y: tf.Tensor;
    const gradient = tf.grad((x) => tf.sum((y = tf.keep(layer.apply(x, training) as tf.Tensor))))(
      tf.ones([7, 11]),
    );
    expect(gradient.dataSync()).toEqual(y!.dataSync());
    y!.dispose();
  });
});

it('gives the same mask with one thread and with two', async () => {
  const layer = tf.layers.dropout({ rate: 0.3, seed: 1 });
  await setThreadsCount(1);
  const one = dropOnes(layer);
  await setThreadsCount(2);
  expect(dropOnes(layer)).toEqual(one);
  await setThreadsCount(1);
});

it('is the identity outside training', () => {
  tf.tidy(() => {
    const y = tf.layers.dropout({ rate: 0.5 }).apply(tf.ones([2, 3])) as tf.Tensor;
    expect([...y.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
