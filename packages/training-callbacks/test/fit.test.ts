import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  earlyStopping,
  progress,
  reduceLROnPlateau,
  type LearningRateCut,
  type TrainingProgress,
} from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A seeded model that overfits its 8 training points: the validation loss increases. */
function overfittingModel(optimizer: tf.Optimizer) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 8,
        activation: 'tanh',
        inputShape: [2],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const points = (seed: number) => tf.randomUniform([8, 2], -1, 1, 'float32', seed);
  const labels = (values: number[]) => tf.oneHot(tf.tensor1d(values, 'int32'), 2);
  const x = points(3);
  const y = labels([0, 1, 1, 0, 0, 1, 0, 1]);
  const validationData = [points(4), labels([1, 0, 1, 0, 1, 1, 0, 0])] as [tf.Tensor, tf.Tensor];
  return { model, x, y, validationData };
}

describe('the callbacks in the fit of TensorFlow.js', () => {
  it('work together, in any order and beside a callback of TensorFlow.js', async () => {
    for (const reverse of [false, true]) {
      const { model, x, y, validationData } = overfittingModel(tf.train.adam(0.1));
      const cuts: LearningRateCut[] = [];
      const events: TrainingProgress[] = [];
      const stop = earlyStopping({ patience: 6, restoreBestWeights: true });
      const callbacks = [
        reduceLROnPlateau({ patience: 2, factor: 0.5, onReduce: (cut) => void cuts.push(cut) }),
        stop,
        progress((event) => void events.push(event), { interval: 0 }),
        new tf.CustomCallback({ onEpochEnd: () => undefined }),
      ];
      if (reverse) callbacks.reverse();
      const { history } = await model.fit(x, y, {
        epochs: 60,
        batchSize: 4,
        shuffle: false,
        validationData,
        verbose: 0,
        callbacks,
      });
      const losses = history.val_loss as number[];
      const best = losses.indexOf(Math.min(...losses));
      expect(losses.length).toBeLessThan(60);
      expect(stop.bestEpoch).toBe(best);
      expect(stop.stoppedEpoch).toBe(best + 6);
      expect(cuts.length).toBeGreaterThan(0);
      expect(cuts[0]).toEqual({ epoch: expect.any(Number), from: 0.1, to: 0.05 });
      expect(history.learning_rate.slice(cuts[0].epoch, cuts[0].epoch + 2)).toEqual(
        [0.1, 0.05].map(Math.fround),
      );
      const [loss] = model.evaluate(...validationData) as tf.Scalar[];
      expect(loss.dataSync()[0]).toBeCloseTo(losses[best], 5);
      expect(events.filter(({ kind }) => kind === 'epoch').map(({ valLoss }) => valLoss)).toEqual(losses);
      expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(2 * losses.length);
      expect(events.at(-1)).toMatchObject({ epochs: 60, step: 2, steps: 2 });
    }
  });

  it('keep no more tensors than training without them', async () => {
    const countTensors = async (callbacks: tf.CustomCallback[]) => {
      const { model, x, y, validationData } = overfittingModel(tf.train.sgd(0.1));
      await model.fit(x, y, { epochs: 1, validationData, verbose: 0 });
      const before = tf.memory().numTensors;
      await model.fit(x, y, { epochs: 3, validationData, verbose: 0, callbacks });
      return tf.memory().numTensors - before;
    };
    const callbacks = [
      reduceLROnPlateau({ patience: 0 }),
      earlyStopping({ patience: 5, restoreBestWeights: true }),
      progress(() => undefined, { interval: 0 }),
    ];
    expect(await countTensors(callbacks)).toBe(await countTensors([]));
  });

  it('end training with a list of the logged metrics if theirs is not logged', async () => {
    const { model, x, y } = overfittingModel(tf.train.sgd(0.1));
    const fit = (callback: tf.CustomCallback) => model.fit(x, y, { verbose: 0, callbacks: [callback] });
    await expect(fit(earlyStopping())).rejects.toThrow('a logged metric (loss, acc), got "val_loss"');
    await expect(fit(reduceLROnPlateau())).rejects.toThrow('a logged metric (loss, acc, ');
  });
});
