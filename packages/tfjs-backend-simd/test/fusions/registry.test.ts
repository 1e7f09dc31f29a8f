import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import type * as Simd from '../../src/index.js';
import { relativeError } from '../support/expect-close.js';

/** Convolutions with batch norm, a residual branch, pooling, dropout and dense layers. */
function buildModel({
  optimizer,
  dropout = 0,
}: {
  optimizer: tf.Optimizer;
  dropout?: number;
}): tf.LayersModel {
  const { add, batchNormalization, conv2d, dense, flatten, maxPooling2d, reLU } = tf.layers;
  let seed = 1;
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: seed++ });
  // Without a bias: its gradient is a rounding error, which Adam scales to full steps.
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
  const rectify = (x: tf.SymbolicTensor) => reLU().apply(x) as tf.SymbolicTensor;
  const input = tf.input({ shape: [8, 8, 3] });
  const rectifiedConvolution = conv2d({
    filters: 8,
    kernelSize: 3,
    activation: 'relu',
    padding: 'same',
    kernelInitializer: kernelInitializer(),
  });
  const first = rectify(convolution(rectifiedConvolution.apply(input) as tf.SymbolicTensor, 8));
  const branch = convolution(rectify(convolution(first, 8)), 8);
  const joined = rectify(add().apply([first, branch]) as tf.SymbolicTensor);
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

/** Trains for some steps; returns the weights, the predictions of the trained model, and the losses. */
async function train(createOptimizer: () => tf.Optimizer, steps = 3) {
  const model = buildModel({ optimizer: createOptimizer() });
  const { x, y } = batch();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  const prediction = model.predict(x) as tf.Tensor;
  const values = [...model.getWeights(), prediction].map((weight) => weight.dataSync<'float32'>());
  tf.dispose([x, y, prediction]);
  model.dispose();
  return { values, losses };
}

const OPTIMIZERS: [string, () => tf.Optimizer][] = [
  ['SGD', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.02, 0.9)],
  // A large epsilon, so that gradients that are rounding errors are not scaled to full steps.
  ['Adam', () => tf.train.adam(0.003, 0.9, 0.999, 1e-3)],
];

describe('fusions', () => {
  const resultsBeforeImport = new Map<string, Awaited<ReturnType<typeof train>>>();
  let simd: typeof Simd;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    for (const [name, createOptimizer] of OPTIMIZERS)
      resultsBeforeImport.set(name, await train(createOptimizer));
    simd = await import('../../src/index.js');
  });

  it('do not change the results of the cpu backend, bit for bit', async () => {
    await tf.setBackend('cpu');
    for (const [name, createOptimizer] of OPTIMIZERS)
      expect(await train(createOptimizer)).toEqual(resultsBeforeImport.get(name));
    await tf.setBackend('simd');
    await train(OPTIMIZERS[0][1]);
    await tf.setBackend('cpu');
    for (const [name, createOptimizer] of OPTIMIZERS)
      expect(await train(createOptimizer)).toEqual(resultsBeforeImport.get(name));
  });

  it.each(OPTIMIZERS)('train to the weights of the cpu backend with %s', async (name, createOptimizer) => {
    await tf.setBackend('simd');
    const { values, losses } = await train(createOptimizer);
    const expected = resultsBeforeImport.get(name)!;
    values.forEach((value, i) => expect(relativeError(value, expected.values[i])).toBeLessThan(1e-4));
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

  it('replace operations that TensorFlow.js composes', async () => {
    await tf.setBackend('simd');
    const model = buildModel({ optimizer: tf.train.adam(0.001), dropout: 0.5 });
    const { x, y } = batch();
    const { kernelNames, kernels } = await tf.profile(async () => {
      await model.trainOnBatch(x, y);
      return tf.scalar(0);
    });
    const replaced = ['Tile', 'Rsqrt', 'FusedBatchNorm', 'Step', 'Sqrt', 'Floor', 'Conv2D', 'FusedConv2D'];
    expect(kernelNames.filter((name) => replaced.includes(name))).toEqual([]);
    expect(kernels.filter(({ name }) => name === 'SimdBatchNorm')).toHaveLength(4);
    expect(kernels.filter(({ name }) => name === 'SimdRectifiedConv2D')).toHaveLength(1);
    tf.dispose([x, y]);
  });

  it('allocate nothing that stays over 200 steps', async () => {
    await tf.setBackend('simd');
    const { threadPool } = tf.backend() as unknown as SimdBackend;
    const model = buildModel({ optimizer: tf.train.adam(0.001), dropout: 0.5 });
    const { x, y } = batch();
    const counts = () => [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      tf.memory().numBytes,
      threadPool.memory.bytesUsed,
    ];
    for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
    const start = counts();
    for (let i = 0; i < 200; i++) await model.trainOnBatch(x, y);
    expect(counts()).toEqual(start);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('keep the weights of a model that moves to another backend and back', async () => {
    await tf.setBackend('simd');
    const model = buildModel({ optimizer: tf.train.adam(0.001) });
    const { x, y } = batch();
    await model.trainOnBatch(x, y);
    const onSimd = (model.predict(x) as tf.Tensor).dataSync<'float32'>();
    await tf.setBackend('cpu');
    const onCpu = (model.predict(x) as tf.Tensor).dataSync<'float32'>();
    expect(relativeError(onCpu, onSimd)).toBeLessThan(1e-5);
    await model.trainOnBatch(x, y);
    await tf.setBackend('simd');
    expect((await model.trainOnBatch(x, y)) as number).toBeGreaterThan(0);
  });
});
