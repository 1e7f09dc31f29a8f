import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { seededRandom } from '../support/expect-close.js';
import { expectAtLeastNaN } from '../support/non-finite.js';

/* One value that is not finite gives, in fused training, at least the NaN that it gives on the cpu backend. */

beforeAll(() => tf.setBackend('simd'));
afterAll(async () => {
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

const { conv2d, batchNormalization, reLU, depthwiseConv2d, maxPooling2d } = tf.layers;
const inputShape = [4, 4, 3];

/** The first layers of a network; `channels` that are no multiple of 4 or 8 use the kernels' other loops. */
const NETWORKS: Record<string, (channels: number) => tf.layers.Layer[]> = {
  'convolution with ReLU': (filters) => [
    conv2d({ inputShape, filters, kernelSize: 3, padding: 'same', activation: 'relu' }),
  ],
  'convolution, batch norm and ReLU': (filters) => [
    conv2d({ inputShape, filters, kernelSize: 3 }),
    batchNormalization(),
    reLU(),
  ],
  'convolution, batch norm and ReLU6': (filters) => [
    conv2d({ inputShape, filters, kernelSize: 3 }),
    batchNormalization(),
    reLU({ maxValue: 6 }),
  ],
  'convolution and batch norm': (filters) => [
    conv2d({ inputShape, filters, kernelSize: 3 }),
    batchNormalization(),
  ],
  'depthwise convolution with ReLU': (depthMultiplier) => [
    depthwiseConv2d({ inputShape, kernelSize: 3, depthMultiplier, activation: 'relu' }),
  ],
};

/** Convolutions by Winograd's algorithm, and a pooling layer. */
const winogradNetwork = () => [
  conv2d({ inputShape, filters: 16, kernelSize: 3, padding: 'same' }),
  batchNormalization(),
  reLU(),
  conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
  maxPooling2d({ poolSize: 2 }),
];

/** Values from -1 to 1, the middle one replaced by `value`, if given. */
function values(shape: readonly (number | null)[], seed: number, value?: number): tf.Tensor {
  const { below } = seededRandom(seed * 7919 + 1);
  const length = tf.util.sizeFromShape(shape as number[]);
  const array = Float32Array.from({ length }, () => below(2000) / 1000 - 1);
  if (value !== undefined) array[length >> 1] = value;
  return tf.tensor(array, shape as number[]);
}

/** Gradients, moving statistics and predictions, where the middle value of weight, x or dy is `value`. */
function train(
  layers: tf.layers.Layer[],
  place: number | 'x' | 'dy',
  value: number,
): [string, Float32Array][] {
  const model = tf.sequential({ layers: [...layers, tf.layers.flatten(), tf.layers.dense({ units: 5 })] });
  try {
    return tf.tidy(() => {
      model.weights.forEach((weight, i) => {
        const array = values(weight.shape, i + 3, place === i ? value : undefined);
        weight.write(weight.originalName.includes('variance') ? tf.abs(array) : array);
      });
      const x = tf.variable(values([2, ...inputShape], 50, place === 'x' ? value : undefined), true, 'x');
      const dy = values([2, 5], 51, place === 'dy' ? value : undefined);
      const loss = () => tf.sum(tf.mul(model.apply(x, { training: true }) as tf.Tensor, dy)) as tf.Scalar;
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { grads } = tf.variableGrads(loss, [...variables, x]);
      x.dispose();
      const results: Record<string, tf.Tensor> = {
        ...grads,
        prediction: model.predict(values([2, ...inputShape], 50)) as tf.Tensor,
        ...Object.fromEntries(model.weights.map((weight) => [weight.originalName, weight.read()])),
      };
      // Layers, and so variables, have other names on each backend.
      return Object.entries(results).map(([name, tensor]) => [
        name.replaceAll(/_\d+/g, ''),
        tensor.dataSync<'float32'>(),
      ]);
    });
  } finally {
    model.dispose();
  }
}

/** Compares with the cpu backend for one value after the other in each weight, x and dy. */
async function expectNaNOfCpu(layers: () => tf.layers.Layer[], threads = [1]): Promise<void> {
  const cases = [
    ...([0, 1, 2, 3, 'x', 'dy'] as const).map((place) => [place, NaN] as const),
    ['dy', Infinity] as const,
  ];
  const trainAll = () => cases.map(([place, value]) => train(layers(), place, value));
  await tf.setBackend('cpu');
  const expected = trainAll();
  await tf.setBackend('simd');
  for (const count of threads) {
    await setThreadsCount(count);
    trainAll().forEach((results, i) =>
      results.forEach(([name, array], j) => expectAtLeastNaN(array, expected[i][j][1], `case ${i}: ${name}`)),
    );
  }
}

describe.each(Object.entries(NETWORKS))('%s', (_, layers) => {
  it.each([8, 13])('with %i channels', async (channels) => {
    await expectNaNOfCpu(() => layers(channels));
  });
});

it("Winograd's algorithm, batch norm, ReLU and pooling on 1, 2 and 3 threads", async () => {
  await expectNaNOfCpu(winogradNetwork, [1, 2, 3]);
  await setThreadsCount(1);
});

it('the gradients of ReLU and ReLU6 are dy times 1, 0 or NaN, as in TensorFlow.js', async () => {
  await tf.setBackend('simd');
  const x = tf.tensor1d([NaN, -1, -0, 0, 2, 6, 7, Infinity, -Infinity]);
  const gradient = (f: (x: tf.Tensor) => tf.Tensor, dy: number) =>
    tf.tidy(() =>
      Array.from(
        tf
          .grad(f)(x, tf.fill([9], dy))
          .dataSync(),
      ),
    );
  const relu6 = (input: tf.Tensor) => tf.relu6(input);
  expect(gradient(tf.relu, 3)).toEqual([NaN, 0, 0, 0, 3, 3, 3, 3, 0]);
  expect(gradient(relu6, 3)).toEqual([NaN, 0, 0, 0, 3, 3, 0, 0, 0]);
  expect(gradient(tf.relu, Infinity)).toEqual([NaN, NaN, NaN, NaN, ...Array(4).fill(Infinity), NaN]);
  expect(gradient(relu6, -Infinity)).toEqual([NaN, NaN, NaN, NaN, -Infinity, -Infinity, NaN, NaN, NaN]);
  expect(gradient(tf.relu, NaN)).toEqual(Array(9).fill(NaN));
});

it('dropout of NaN and infinities is NaN where they are dropped, as 0 times them is, and so is its gradient', async () => {
  await tf.setBackend('simd');
  tf.tidy(() => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 7 });
    const drop = (x: tf.Tensor) => layer.apply(x, { training: true }) as tf.Tensor;
    const kept = Array.from(drop(tf.ones([50])).dataSync(), (value) => value !== 0);
    expect(new Set(kept).size).toBe(2);
    const special = (value: number) => tf.fill([50], value);
    for (const f of [drop, (x: tf.Tensor) => tf.grad(drop)(tf.ones([50]), x)]) {
      expect(Array.from(f(special(Infinity)).dataSync())).toEqual(
        kept.map((isKept) => (isKept ? Infinity : NaN)),
      );
      expect(Array.from(f(special(NaN)).dataSync())).toEqual(kept.map(() => NaN));
      expect(Array.from(f(special(-3)).dataSync())).toEqual(kept.map((isKept) => (isKept ? -6 : 0)));
    }
  });
});

it.each(['sgd', 'momentum', 'adam', 'adamax', 'rmsprop', 'adagrad', 'adadelta'] as const)(
  'a step of %s with gradients that are not finite is that of the cpu backend',
  async (name) => {
    const step = () =>
      tf.tidy(() => {
        const variable = tf.variable(tf.tensor1d([1, -2, 3, NaN, Infinity, 0, 5]));
        const gradients = tf.tensor1d([NaN, Infinity, -Infinity, 1, 1, 0, 0.5]);
        const optimizer = name === 'momentum' ? tf.train.momentum(0.1, 0.9) : tf.train[name](0.1);
        for (let i = 0; i < 2; i++) optimizer.applyGradients([{ name: variable.name, tensor: gradients }]);
        return Array.from(variable.dataSync());
      });
    await tf.setBackend('cpu');
    const expected = step();
    await tf.setBackend('simd');
    expect(step()).toEqual(expected);
  },
);

it('a network whose weights are NaN predicts NaN, and its loss is NaN', async () => {
  await tf.setBackend('simd');
  for (const layers of Object.values(NETWORKS)) {
    const model = tf.sequential({
      layers: [...layers(8), tf.layers.flatten(), tf.layers.dense({ units: 5, activation: 'softmax' })],
    });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const weights = model.getWeights().map((weight, i) => (i === 0 ? tf.fill(weight.shape, NaN) : weight));
    model.setWeights(weights);
    const x = values([4, ...inputShape], 50);
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3], 'int32'), 5).toFloat();
    expect((model.predict(x) as tf.Tensor).dataSync().every(Number.isNaN)).toBe(true);
    expect(await model.trainOnBatch(x, labels)).toBeNaN();
    model.dispose();
    tf.dispose([x, labels, weights[0]]);
  }
});
