import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import type { SimdBackend } from '../../src/backend.js';
import { onBoth } from '../support/on-both.js';

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.99, 1e-7, 0.1),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop, centered': () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-3, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

type Gradients = Record<string, tf.Variable>;

/** Trains two variables, of 7 and 20,003 values; returns their values and the state of the optimizer. */
function train(make: () => tf.Optimizer, steps = 3) {
  const optimizer = make();
  const variables = [7, 20_003].map((size, i) =>
    tf.tidy(() => tf.variable(tf.randomNormal([size], 0, 1, 'float32', i + 1))),
  );
  for (let step = 0; step < steps; step++) {
    const gradients = Object.fromEntries(
      variables.map(({ name, size }, i) => [
        name,
        tf.randomNormal([size], 0, 1, 'float32', 10 * step + i + 1),
      ]),
    ) as Gradients;
    optimizer.applyGradients(gradients);
    tf.dispose(gradients);
  }
  const values = variables.map((variable) => variable.dataSync());
  const state = Object.entries(optimizer)
    .filter(([field]) => field !== 'c')
    .map(([field, value]) => [
      field,
      value instanceof tf.Tensor
        ? value.dataSync()
        : Array.isArray(value)
          ? value.map((slot) => slot.variable.dataSync())
          : value,
    ]);
  const names = Object.values(optimizer)
    .filter(Array.isArray)
    .flatMap((slots) => slots.map(({ originalName }) => originalName.replace(/.*\//, '')));
  optimizer.dispose();
  tf.dispose(variables);
  return { values, state, names };
}

afterEach(() => tf.setBackend('cpu'));

describe.each(Object.entries(OPTIMIZERS))('%s', (_, make) => {
  it('gives the bits of the cpu backend in weights and state, with one thread and with two', async () => {
    await tf.setBackend('cpu');
    const expected = train(make);
    await tf.setBackend('simd');
    for (const count of [1, 2]) {
      await setThreadsCount(count);
      expect(train(make)).toEqual(expected);
    }
    await setThreadsCount(1);
  });
});

describe('a fused optimizer', () => {
  it('copies values that a variable shares with other tensors before it changes them', async () => {
    await tf.setBackend('simd');
    const start = tf.tensor([1, 2, 3]);
    const variable = tf.variable(start);
    const before = variable.clone();
    const optimizer = tf.train.sgd(1);
    const gradient = tf.tensor([1, 1, 1]);
    optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
    expect([...start.dataSync()]).toEqual([1, 2, 3]);
    expect([...before.dataSync()]).toEqual([1, 2, 3]);
    expect([...variable.dataSync()]).toEqual([0, 1, 2]);
    tf.dispose([start, variable, before, gradient]);
    optimizer.dispose();
  });

  it('updates in place, and allocates no tensor and no memory after the first step', async () => {
    await tf.setBackend('simd');
    const { threadPool } = tf.backend() as unknown as SimdBackend;
    const variable = tf.tidy(() => tf.variable(tf.ones([1000])));
    const optimizer = tf.train.adam(0.1);
    const gradient = tf.ones([1000]);
    const step = () => optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
    step();
    const [tensors, bytes, id] = [tf.memory().numTensors, threadPool.memory.bytesUsed, variable.dataId];
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(threadPool.memory.bytesUsed).toBe(bytes);
    expect(variable.dataId).toBe(id);
    tf.dispose([variable, gradient]);
    optimizer.dispose();
  });

  it('skips a variable without a gradient, as TensorFlow.js does', async () => {
    await tf.setBackend('simd');
    const [left, right] = [tf.variable(tf.tensor([1])), tf.variable(tf.tensor([2]))];
    const optimizer = tf.train.momentum(1, 0.5);
    optimizer.applyGradients([
      { name: left.name, tensor: null as never },
      { name: right.name, tensor: tf.tensor([1]) },
    ]);
    expect([left.dataSync()[0], right.dataSync()[0]]).toEqual([1, 1]);
    optimizer.dispose();
  });

  it('accepts a gradient that broadcasts to the shape of the variable, as on the cpu backend', async () => {
    const step = (shape: number[]) => () => {
      const variable = tf.variable(tf.ones([2, 3]));
      const optimizer = tf.train.sgd(1);
      optimizer.applyGradients({ [variable.name]: tf.ones(shape) as tf.Variable });
      return variable;
    };
    const { simd, cpu } = await onBoth(step([1]));
    expect(simd).toEqual(cpu);
    expect(simd).toEqual([0, 0, 0, 0, 0, 0]);
    for (const backend of ['cpu', 'simd']) {
      await tf.setBackend(backend);
      expect(step([3, 2])).toThrow(/broadcast/);
    }
  });
});
