import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.js';
import type * as Simd from '../src/index.js';

/** Convolutions with batch norm, a branch, pooling, dropout that a test can do without, and a dense layer. */
function build({ optimizer, dropout = 0 }: { optimizer: tf.Optimizer; dropout?: number }): tf.LayersModel {
  const { add, batchNormalization, conv2d, dense, flatten, maxPooling2d, reLU } = tf.layers;
  let seed = 1;
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: seed++ });
  // Without a bias, whose gradient is 0 but for rounding, of which Adam makes whole steps.
  const convolution = (x: tf.SymbolicTensor, filters: number) =>
    batchNormalization({ momentum: 0.8 }).apply(
      conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        useBias: false,
        kernelInitializer: kernelInitializer(),
      }).apply(x),
    ) as tf.SymbolicTensor;
  const rectified = (x: tf.SymbolicTensor) => reLU().apply(x) as tf.SymbolicTensor;
  const input = tf.input({ shape: [8, 8, 3] });
  const rectifying = conv2d({
    filters: 8,
    kernelSize: 3,
    activation: 'relu',
    padding: 'same',
    kernelInitializer: kernelInitializer(),
  });
  const first = rectified(convolution(rectifying.apply(input) as tf.SymbolicTensor, 8));
  const branch = convolution(rectified(convolution(first, 8)), 8);
  const joined = rectified(add().apply([first, branch]) as tf.SymbolicTensor);
  const tail = [
    maxPooling2d({ poolSize: 2 }),
    tf.layers.dropout({ rate: dropout }),
    flatten(),
    dense({ units: 16, activation: 'relu', kernelInitializer: kernelInitializer() }),
    batchNormalization(),
    dense({ units: 4, activation: 'softmax', kernelInitializer: kernelInitializer() }),
  ];
  const output = tail.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, joined);
  const model = tf.model({ inputs: input, outputs: output });
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  return model;
}

const batch = () => ({
  x: tf.randomNormal([6, 8, 8, 3], 0, 1, 'float32', 1),
  y: tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32'), 4).toFloat()),
});

/** The weights after some steps, the losses, and what the model then predicts. */
async function train(make: () => tf.Optimizer, steps = 3) {
  const model = build({ optimizer: make() });
  const { x, y } = batch();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  const prediction = model.predict(x) as tf.Tensor;
  const values = [...model.getWeights(), prediction].map((weight) => weight.dataSync<'float32'>());
  tf.dispose([x, y, prediction]);
  model.dispose();
  return { values, losses };
}

const error = (actual: Float32Array, expected: Float32Array) =>
  actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0) /
  Math.max(...expected.map(Math.abs));

const OPTIMIZERS: [string, () => tf.Optimizer][] = [
  ['SGD', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.02, 0.9)],
  // With an epsilon that keeps gradients which are rounding errors from making whole steps.
  ['Adam', () => tf.train.adam(0.003, 0.9, 0.999, 1e-3)],
];

describe('fusions', () => {
  const before = new Map<string, Awaited<ReturnType<typeof train>>>();
  let simd: typeof Simd;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    for (const [name, make] of OPTIMIZERS) before.set(name, await train(make));
    simd = await import('../src/index.js');
  });

  it('leave the cpu backend as it was before the package was imported, bit for bit', async () => {
    await tf.setBackend('cpu');
    for (const [name, make] of OPTIMIZERS) expect(await train(make)).toEqual(before.get(name));
    await tf.setBackend('simd');
    await train(OPTIMIZERS[0][1]);
    await tf.setBackend('cpu');
    for (const [name, make] of OPTIMIZERS) expect(await train(make)).toEqual(before.get(name));
  });

  it.each(OPTIMIZERS)('train to the weights of the cpu backend with %s', async (name, make) => {
    await tf.setBackend('simd');
    const { values, losses } = await train(make);
    const expected = before.get(name)!;
    values.forEach((value, i) => expect(error(value, expected.values[i])).toBeLessThan(1e-4));
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i], 4));
  });

  it('train to the same bits with one thread and with two', async () => {
    await tf.setBackend('simd');
    await simd.setThreadsCount(1);
    const one = await train(OPTIMIZERS[2][1]);
    await simd.setThreadsCount(2);
    const two = await train(OPTIMIZERS[2][1]);
    await simd.setThreadsCount(1);
    expect(two).toEqual(one);
  });

  it('take the place of what TensorFlow.js composes', async () => {
    await tf.setBackend('simd');
    const model = build({ optimizer: tf.train.adam(0.001), dropout: 0.5 });
    const { x, y } = batch();
    const { kernelNames, kernels } = await tf.profile(async () => {
      await model.trainOnBatch(x, y);
      return tf.scalar(0);
    });
    const composed = ['Tile', 'Rsqrt', 'FusedBatchNorm', 'Step', 'Sqrt', 'Floor', 'Conv2D', 'FusedConv2D'];
    expect(kernelNames.filter((name) => composed.includes(name))).toEqual([]);
    expect(kernels.filter(({ name }) => name === 'SimdBatchNorm')).toHaveLength(4);
    expect(kernels.filter(({ name }) => name === 'SimdRectifiedConv2D')).toHaveLength(1);
    tf.dispose([x, y]);
  });

  it('leave no tensor and no byte behind over 200 steps', async () => {
    await tf.setBackend('simd');
    const { threads } = tf.backend() as unknown as SimdBackend;
    const model = build({ optimizer: tf.train.adam(0.001), dropout: 0.5 });
    const { x, y } = batch();
    const held = () => [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      tf.memory().numBytes,
      threads.memory.bytesUsed,
    ];
    for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
    const start = held();
    for (let i = 0; i < 200; i++) await model.trainOnBatch(x, y);
    expect(held()).toEqual(start);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('show a model that moves to another backend and back the weights it has', async () => {
    await tf.setBackend('simd');
    const model = build({ optimizer: tf.train.adam(0.001) });
    const { x, y } = batch();
    await model.trainOnBatch(x, y);
    const there = (model.predict(x) as tf.Tensor).dataSync<'float32'>();
    await tf.setBackend('cpu');
    const here = (model.predict(x) as tf.Tensor).dataSync<'float32'>();
    expect(error(here, there)).toBeLessThan(1e-5);
    await model.trainOnBatch(x, y);
    await tf.setBackend('simd');
    expect((await model.trainOnBatch(x, y)) as number).toBeGreaterThan(0);
  });
});
