import { memoryStore, UNIT_RANGE } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, saveModel } from '../src/index.js';
import { chain } from '../src/chain.js';

beforeAll(() => tf.setBackend('cpu'));

const build = (options: { scale?: boolean; center?: boolean }) =>
  chain(
    'small',
    [6],
    [
      tf.layers.batchNormalization({ name: 'norm', ...options }),
      tf.layers.dense({
        name: 'scores',
        units: 3,
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.softmax({ name: 'softmax' }),
    ],
  );

/** The loss of each of five steps. */
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
    'trains, on a backend that has no way of its own for it, as one whose own stay 1 and 0 does: %j',
    async (options) => {
      const model = build(options);
      const full = build({});
      const norm = full.getLayer('norm') as unknown as Record<'gamma' | 'beta', { trainable: boolean }>;
      norm.gamma.trainable = options.scale ?? true;
      norm.beta.trainable = options.center ?? true;
      const losses = await train(model);
      expect(losses).toEqual(await train(full));
      expect(losses[4]).toBeLessThan(losses[0]);
    },
  );

  it('has no weight for what it lacks, and trains on after it was saved and loaded', async () => {
    const model = build({ scale: false });
    expect(model.getLayer('norm').getWeights()).toHaveLength(3);
    const store = memoryStore();
    await saveModel(model, store, { preprocessing: UNIT_RANGE });
    const { model: loaded } = await loadModel(store);
    expect(await train(loaded)).toEqual(await train(model));
  });
});
