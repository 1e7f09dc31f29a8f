import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../src/index.js';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

const error = (actual: Float32Array, expected: Float32Array) =>
  actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0) /
  Math.max(...expected.map(Math.abs));

/** x, kernels 3x3 of 16 channels, a bias, and a batch norm's mean, variance, beta and gamma. */
function given() {
  const [x, filter] = [random([2, 9, 10, 16], 1) as tf.Tensor4D, random([3, 3, 16, 24], 2) as tf.Tensor4D];
  const [bias, mean, beta, gamma] = [3, 4, 5, 6].map((seed) => random([24], seed) as tf.Tensor1D);
  return { x, filter, bias, mean, beta, gamma, variance: tf.abs(random([24], 7)) as tf.Tensor1D };
}

type Given = ReturnType<typeof given>;
const convolution = ({ x, filter, bias }: Given) =>
  tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same' });
const normalized = (y: tf.Tensor, { mean, variance, beta, gamma }: Given) =>
  tf.batchNorm(y, mean, variance, beta, gamma);

const GRAPHS: Record<string, (values: Given) => tf.Tensor> = {
  convolution: convolution,
  'convolution and ReLU': (values) => tf.relu(convolution(values)),
  'convolution and ReLU6': (values) => tf.relu6(convolution(values)),
  'convolution and batch norm': (values) => normalized(convolution(values), values),
  'convolution without a bias, batch norm and ReLU': (values) =>
    tf.relu(normalized(tf.conv2d(values.x, values.filter, 2, 'same'), values)),
  'convolution, batch norm and ReLU6': (values) => tf.relu6(normalized(convolution(values), values)),
  'convolution and two batch norms': (values) => normalized(normalized(convolution(values), values), values),
  'convolution with several readers': (values) => {
    const y = convolution(values);
    return tf.add(tf.add(tf.relu(y), normalized(y, values)), y);
  },
  'batch norm and ReLU': ({ x, mean, variance }) =>
    tf.relu(tf.batchNorm(x, tf.slice1d(mean, 0, 16), tf.slice1d(variance, 0, 16))),
};

afterAll(() => tf.setBackend('cpu'));

describe('inference', () => {
  it.each(Object.entries(GRAPHS))('agrees with the cpu backend: %s', async (_, graph) => {
    const run = () => tf.tidy(() => graph(given()).dataSync<'float32'>());
    await tf.setBackend('cpu');
    const expected = run();
    await tf.setBackend('simd');
    const before = tf.memory();
    const actual = run();
    expect(error(actual, expected)).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    await setThreadsCount(2);
    expect(run()).toEqual(actual);
    await setThreadsCount(1);
  });
});
