import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';

/** Optimizers with slots; SGD has none. */
const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop, centered': () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-3, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

beforeAll(() => tf.setBackend('simd'));
afterAll(async () => {
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

const step = (optimizer: tf.Optimizer, variable: tf.Variable) =>
  optimizer.minimize(() => tf.sum(tf.square(variable)), false, [variable]);

/** Tensors of small blocks, among which those of the slots lie. */
const unrelatedTensors = () => Array.from({ length: 8 }, () => tf.relu(tf.fill([16], 7)));

const shapes: [string, number[], number[]][] = [
  ['more values', [2], [4096]],
  ['fewer values', [4096], [2]],
  ['one value more', [16], [17]],
  ['as many values in another shape', [6, 4], [4, 6]],
  ['one value, which would broadcast', [1], [64]],
];

describe.each(Object.entries(OPTIMIZERS))('%s', (_, make) => {
  it.each(shapes)('refuses another variable with %s, and changes no tensor', (__, first, second) => {
    tf.tidy(() => {
      const optimizer = make();
      step(optimizer, tf.variable(tf.ones(first)));
      const unrelated = unrelatedTensors();
      const variable = tf.variable(tf.fill(second, 3));
      expect(() => step(optimizer, variable)).toThrow(
        /^Optimizer \w+ was used for other variables before: .* Create a new optimizer/,
      );
      for (const tensor of [...unrelated]) expect(tensor.dataSync().every((value) => value === 7)).toBe(true);
      expect(variable.dataSync().every((value) => value === 3)).toBe(true);
      optimizer.dispose();
    });
  });
});

/** TensorFlow.js cannot save the state of Adamax. */
const WITH_WEIGHTS = Object.entries(OPTIMIZERS).filter(([name]) => name !== 'adamax');

it.each(WITH_WEIGHTS)(
  '%s refuses the state of other variables that setWeights has loaded',
  async (_, make) => {
    const [source, target] = [make(), make()];
    const variables = [5, 4096].map((size) => tf.variable(tf.ones([size])));
    step(source, variables[0]);
    await target.setWeights(await source.getWeights());
    const unrelated = unrelatedTensors();
    expect(() => step(target, variables[1])).toThrow(/Create a new optimizer/);
    expect(() => step(target, variables[0])).not.toThrow();
    for (const tensor of unrelated) expect(tensor.dataSync().every((value) => value === 7)).toBe(true);
    tf.dispose([unrelated, variables]);
    source.dispose();
    target.dispose();
  },
);

describe.each([1, 2])('fine-tuning with %i threads', (threads) => {
  beforeAll(() => setThreadsCount(threads));

  it('refuses the optimizer from before layers were unfrozen, and trains with a new one', async () => {
    const dense = (units: number, seed: number) =>
      tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [8] }), dense(40, 1), dense(3, 2)],
    });
    const [x, y] = [tf.randomNormal([4, 8], 0, 1, 'float32', 1), tf.randomNormal([4, 3], 0, 1, 'float32', 2)];
    const optimizer = tf.train.adam(0.01);
    const compile = (optimizer: tf.Optimizer) => model.compile({ optimizer, loss: 'meanSquaredError' });
    model.layers[1].trainable = false;
    compile(optimizer);
    const first = (await model.trainOnBatch(x, y)) as number;
    model.layers[1].trainable = true;
    compile(optimizer);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(/layers were frozen or unfrozen/);
    compile(tf.train.adam(0.01));
    expect((await model.trainOnBatch(x, y)) as number).toBeLessThan(first);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('refuses an optimizer for a second model of 20 million weights, and goes on', () => {
    const optimizer = tf.train.adam(0.01);
    const variables = [2, 20_000_000].map((size) => tf.variable(tf.ones([size])));
    step(optimizer, variables[0]);
    expect(() => step(optimizer, variables[1])).toThrow(/Create a new optimizer/);
    tf.tidy(() => {
      for (let i = 0; i < 3; i++) expect([...tf.relu(tf.tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
    });
    tf.dispose(variables);
    optimizer.dispose();
  });
});
