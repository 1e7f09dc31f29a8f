import { memoryStore } from '@convlens/storage';
import { UNIT_RANGE } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifar10Fast, loadModel, saveModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A model that was saved and loaded. */
async function build(options: { scale?: boolean; center?: boolean }): Promise<tf.LayersModel> {
  const { batchNormalization, dense, softmax } = tf.layers;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const inputs = tf.input({ shape: [6] });
  const normalized = batchNormalization({ name: 'norm', ...options }).apply(inputs);
  const scores = dense({ name: 'scores', units: 3, kernelInitializer }).apply(normalized);
  const model = tf.model({ inputs, outputs: softmax().apply(scores) as tf.SymbolicTensor });
  const store = memoryStore();
  await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: [] });
  model.dispose();
  return (await loadModel(store)).model;
}

/** The losses of five steps. */
async function train(model: tf.LayersModel) {
  model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy' });
  const x = tf.randomNormal([12, 6], 1, 2, 'float32', 5);
  const y = tf.oneHot(tf.range(0, 12, 1, 'int32').mod(tf.scalar(3, 'int32')) as tf.Tensor1D, 3);
  const losses = [];
  for (let step = 0; step < 5; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  return losses;
}

describe('a batch norm without a scale or an offset', () => {
  it.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
    'trains on any backend as a batch norm whose scale is frozen at 1 and offset at 0: %j',
    async (options) => {
      const model = await build(options);
      const full = await build({});
      const norm = full.getLayer('norm') as unknown as Record<'gamma' | 'beta', { trainable: boolean }>;
      norm.gamma.trainable = options.scale ?? true;
      norm.beta.trainable = options.center ?? true;
      const losses = await train(model);
      expect(losses).toEqual(await train(full));
      expect(losses[4]).toBeLessThan(losses[0]);
    },
  );

  it('has no weight for a missing scale or offset', async () => {
    expect((await build({ scale: false })).getLayer('norm').getWeights()).toHaveLength(3);
    expect((await build({ scale: false, center: false })).getLayer('norm').getWeights()).toHaveLength(2);
  });

  it('trains in an architecture', async () => {
    const model = cifar10Fast({ widths: [2, 2, 2], inputShape: [32, 32, 1] });
    expect(model.getLayer('bn1_1').getConfig().scale).toBe(false);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
    const x = tf.randomUniform([3, 32, 32, 1], 0, 1, 'float32', 5);
    const y = tf.oneHot(tf.tensor1d([0, 1, 2], 'int32'), 10);
    expect(await model.trainOnBatch(x, y)).toBeGreaterThan(1);
  });
});
