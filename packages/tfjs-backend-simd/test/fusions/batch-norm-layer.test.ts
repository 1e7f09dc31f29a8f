import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setThreadsCount } from '../../src/index.js';
import { relativeError } from '../support/expect-close.js';

type Values = Float32Array;

const random = (shape: number[], seed: number, mean = 0) => tf.randomNormal(shape, mean, 1, 'float32', seed);

type Next = (y: tf.Tensor) => tf.Tensor;

/**
 * One call of the layer in training, and its gradients: y, dx, dgamma, dbeta, moving mean, moving variance.
 */
function measure(
  shape: number[],
  { next = (y) => y, mean = 0 }: { next?: Next; mean?: number } = {},
): Values[] {
  const channels = shape[shape.length - 1];
  const layer = tf.layers.batchNormalization({ momentum: 0.9, inputShape: shape.slice(1) });
  layer.build([null, ...shape.slice(1)]);
  const values = tf.tidy(() => {
    const x = random(shape, 1, mean);
    const dy = random(shape, 2);
    layer.setWeights([
      random([channels], 3, 1),
      random([channels], 4),
      random([channels], 5),
      tf.abs(random([channels], 6)),
    ]);
    const [gamma, beta] = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const input = tf.variable(x);
    let y: tf.Tensor;
    const { grads } = tf.variableGrads(() => {
      y = tf.keep(next(layer.apply(input, { training: true }) as tf.Tensor));
      return tf.sum(tf.mul(y, dy)) as tf.Scalar;
    });
    const results = [
      y!,
      ...[input, gamma, beta].map(({ name }) => grads[name]),
      ...layer.getWeights().slice(2),
    ];
    const read = results.map((tensor) => tensor.dataSync<'float32'>());
    tf.dispose([y!, input]);
    return read;
  });
  tf.dispose(layer.weights.map((weight) => weight.read()));
  return values;
}

const SHAPES = [
  [4, 6, 6, 32],
  [64, 256],
  [2, 5, 7, 3],
  [3, 4, 23],
  [8, 16, 16, 20],
  [1, 1, 1, 4],
  [2, 3, 600],
];

const on = async <T>(backend: string, run: () => T) => {
  await tf.setBackend(backend);
  return run();
};

beforeAll(() => tf.setBackend('simd'));
afterEach(() => setThreadsCount(1));
afterAll(() => tf.setBackend('cpu'));

describe('batch norm in training', () => {
  it.each(SHAPES)(
    'agrees with the cpu backend in results, gradients and moving statistics: %i %i %i %i',
    async (...sizes) => {
      const shape = sizes.filter((size) => size !== undefined);
      const expected = await on('cpu', () => measure(shape));
      const actual = await on('simd', () => measure(shape));
      // A single row has no variance: its gradient is a rounding error.
      actual.forEach((values, i) =>
        expect(shape[0] === 1 && i === 1 ? 0 : relativeError(values, expected[i])).toBeLessThan(1e-5),
      );
    },
  );

  it('is accurate for a mean of a thousand standard deviations', async () => {
    const expected = await on('cpu', () => measure([16, 8, 8, 8], { mean: 1000 }));
    const actual = await on('simd', () => measure([16, 8, 8, 8], { mean: 1000 }));
    // The inputs themselves have rounding errors of 6e-5 standard deviations.
    actual.forEach((values, i) => expect(relativeError(values, expected[i])).toBeLessThan(1e-3));
    expect(relativeError(actual[5], expected[5])).toBeLessThan(1e-5);
  });

  it.each<[string, Next]>([
    ['a ReLU', (y) => tf.relu(y)],
    ['a ReLU and another reader', (y) => tf.add(tf.relu(y), tf.mul(y, y))],
    ['two ReLUs', (y) => tf.add(tf.relu(y), tf.mul(tf.relu(y), 2))],
    ['a reshaped ReLU', (y) => tf.reshape(tf.relu(tf.reshape(y, [4, 36, 32])), [4, 6, 6, 32])],
    ['a ReLU whose gradient has other readers', (y) => tf.relu(tf.add(tf.relu(y), y))],
    ['leaky ReLU', (y) => tf.leakyRelu(y, 0.1)],
    ['ReLU6', (y) => tf.relu6(tf.mul(y, 4))],
    ['sigmoid and tanh', (y) => tf.mul(tf.sigmoid(y), tf.tanh(y))],
  ])('agrees with the cpu backend if its output is read by %s', async (_, next) => {
    const expected = await on('cpu', () => measure([4, 6, 6, 32], { next }));
    const actual = await on('simd', () => measure([4, 6, 6, 32], { next }));
    actual.forEach((values, i) => expect(relativeError(values, expected[i])).toBeLessThan(1e-5));
  });

  it('computes the channel sums of dx, which equal those of a separate sum', async () => {
    await tf.setBackend('simd');
    tf.tidy(() => {
      const layer = tf.layers.batchNormalization();
      const gradient = tf.grad((x) =>
        tf.sum(tf.square(tf.relu(layer.apply(x, { training: true }) as tf.Tensor))),
      );
      const dx = gradient(random([8, 9, 10, 12], 1));
      const [cached, summed] = [tf.sum(dx, [0, 1, 2]), tf.sum(tf.mul(dx, 1), [0, 1, 2])];
      const scale = tf.sum(tf.abs(dx)).dataSync()[0] / 12;
      expect(tf.max(tf.abs(tf.sub(cached, summed))).dataSync()[0]).toBeLessThan(1e-6 * scale);
    });
  });

  it('gives the same bits with one thread and with two', async () => {
    const next: Next = (y) => tf.relu(y);
    const one = await on('simd', () => measure([32, 16, 16, 20], { next }));
    await setThreadsCount(2);
    const two = await on('simd', () => measure([32, 16, 16, 20], { next }));
    expect(two).toEqual(one);
  });

  it('has a second-order gradient', async () => {
    const secondOrderGradient = () => {
      const layer = tf.layers.batchNormalization();
      const x = random([8, 4], 1);
      const apply = (input: tf.Tensor) => tf.relu(layer.apply(input, { training: true }) as tf.Tensor);
      apply(x);
      const gradient = tf.grad((input: tf.Tensor) => tf.sum(tf.mul(apply(input), random([8, 4], 2))));
      return tf
        .grad((input: tf.Tensor) => tf.sum(tf.square(gradient(input))))(x)
        .dataSync<'float32'>();
    };
    const expected = await on('cpu', () => tf.tidy(secondOrderGradient));
    expect(relativeError(await on('simd', () => tf.tidy(secondOrderGradient)), expected)).toBeLessThan(1e-4);
  });

  it('releases all tensors and memory', async () => {
    await tf.setBackend('simd');
    const { threadPool } = tf.backend() as unknown as SimdBackend;
    const next: Next = (y) => tf.relu(y);
    measure([4, 6, 6, 32], { next });
    const [tensors, buffers, bytes] = [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      threadPool.memory.bytesUsed,
    ];
    for (let i = 0; i < 5; i++) measure([4, 6, 6, 32], { next });
    expect([tf.memory().numTensors, tf.memory().numDataBuffers, threadPool.memory.bytesUsed]).toEqual([
      tensors,
      buffers,
      bytes,
    ]);
  });
});

describe('a deferred result', () => {
  it('can be read, cloned and used on another backend after its inputs are disposed', async () => {
    await tf.setBackend('simd');
    const normalize = () => {
      const [x, mean, variance] = [
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor1d([1, 2]),
        tf.tensor1d([4, 1]),
      ];
      const y = tf.batchNorm(x, mean, variance, undefined, undefined, 0);
      tf.dispose([x, mean, variance]);
      return y;
    };
    const before = tf.memory();
    const read = normalize();
    expect([...read.dataSync()]).toEqual([0, 0, 1, 2]);
    const cloned = normalize();
    const clone = cloned.clone();
    cloned.dispose();
    expect([...clone.dataSync()]).toEqual([0, 0, 1, 2]);
    const moved = normalize();
    await tf.setBackend('cpu');
    const sum = tf.sum(moved);
    expect(sum.dataSync()[0]).toBe(3);
    await tf.setBackend('simd');
    const unread = normalize();
    tf.dispose([read, clone, moved, sum, unread]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('does not depend on later changes of a variable that it was computed from', async () => {
    await tf.setBackend('simd');
    const [x, one, zero] = [tf.tensor2d([[2, 4]]), tf.tensor1d([1, 1]), tf.tensor1d([0, 0])];
    const beta = tf.variable(tf.tensor1d([10, 20]));
    const y = tf.batchNorm(x, zero, one, beta, undefined, 0);
    const optimizer = tf.train.sgd(1);
    optimizer.applyGradients([{ name: beta.name, tensor: one }]);
    expect([...beta.dataSync()]).toEqual([9, 19]);
    expect([...y.dataSync()]).toEqual([12, 24]);
    tf.dispose([x, one, zero, beta, y]);
    optimizer.dispose();
  });
});
