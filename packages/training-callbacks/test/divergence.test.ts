import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  backupAndRestore,
  earlyStopping,
  modelCheckpoint,
  reduceLROnPlateau,
  terminateOnNaN,
  type ModelCheckpointInfo,
} from '../src/index.js';
import { begin, endEpoch, oneWeightModel, weightOf } from './drive.js';

type Logs = Record<string, number>;

interface Epoch {
  readonly logs: Logs;
  /** The weight at the end of the epoch; default: the number of the epoch. */
  readonly weight?: number;
}

const GOOD = { loss: 2, val_loss: 2 };
/** Diverged epochs, each of which would be the best by its monitored loss or accuracy. */
const DIVERGED: Record<string, { readonly epoch: Epoch; readonly monitor?: string; readonly loss?: string }> =
  {
    'a loss that is NaN': { epoch: { logs: { loss: NaN, val_loss: 1 } } },
    'a loss that is infinite': { epoch: { logs: { loss: Infinity, val_loss: 1 } } },
    'a validation loss of -Infinity': { epoch: { logs: { loss: 1, val_loss: -Infinity } } },
    'a validation loss that is NaN, under accuracy': {
      epoch: { logs: { loss: 1, val_loss: NaN, val_accuracy: 0.9 } },
      monitor: 'val_accuracy',
    },
    'a weight that is NaN': { epoch: { logs: { loss: 1, val_loss: 1 }, weight: NaN } },
    'an infinite weight with finite losses': { epoch: { logs: { loss: 1, val_loss: 1 }, weight: -Infinity } },
    'a negative cross-entropy': {
      epoch: { logs: { loss: 1, val_loss: -1e-5 } },
      loss: 'categoricalCrossentropy',
    },
  };
const GOOD_ACCURACY = { ...GOOD, val_accuracy: 0.5 };

/** Ends epochs with a callback; returns the model, whose weight after epoch i was i unless the epoch says otherwise. */
async function endEpochs(
  create: (model: tf.LayersModel) => tf.CustomCallback | Promise<tf.CustomCallback>,
  { epochs, loss = 'meanSquaredError' }: { epochs: readonly Epoch[]; loss?: string },
) {
  const model = oneWeightModel(0.5);
  model.compile({ optimizer: tf.train.sgd(0.5), loss });
  const callback = await create(model);
  await begin(callback, model);
  for (const [i, { logs, weight = i }] of epochs.entries()) {
    await endEpoch(callback, { model, epoch: weight, logs });
  }
  return model;
}

describe.each(Object.entries(DIVERGED))('an epoch with %s', (_, { epoch, monitor = 'val_loss', loss }) => {
  const good: Epoch = { logs: GOOD_ACCURACY };
  const epochs = [good, epoch];
  const mode = monitor === 'val_accuracy' ? 'max' : 'min';

  it('is not the best of earlyStopping, also as the first', async () => {
    for (const sequence of [epochs, [epoch, good]]) {
      const stop = earlyStopping({ monitor, mode, patience: 9, restoreBestWeights: true });
      const model = await endEpochs(() => stop, { epochs: sequence, loss });
      await stop.onTrainEnd();
      expect(weightOf(model)).toBe(sequence.indexOf(good));
      model.dispose();
    }
  });

  it('is an epoch without improvement for reduceLROnPlateau', async () => {
    const plateau = reduceLROnPlateau({ monitor, mode, patience: 1, factor: 0.5 });
    const model = await endEpochs(() => plateau, { epochs, loss });
    expect(plateau.getState().best).toBe(GOOD_ACCURACY[monitor as keyof typeof GOOD_ACCURACY]);
    expect((model.optimizer as unknown as { learningRate: number }).learningRate).toBe(0.25);
    model.dispose();
  });

  it('does not replace a saved model, with and without saveBestOnly', async () => {
    for (const options of [{ saveBestOnly: true, path: '{epoch}' }, { saveBestOnly: false }]) {
      const saved: number[] = [];
      const save = (model: tf.LayersModel, _: ModelCheckpointInfo) => void saved.push(weightOf(model));
      const model = await endEpochs(() => modelCheckpoint({ ...options, monitor, mode, save }), {
        epochs,
        loss,
      });
      expect(saved).toEqual([0]);
      model.dispose();
    }
  });

  it('does not replace a backup', async () => {
    const store = memoryStore();
    const model = await endEpochs((one) => backupAndRestore(one, { store }), { epochs, loss });
    const { initialEpoch } = await backupAndRestore(model, { store });
    expect([initialEpoch, weightOf(model)]).toEqual([1, 0]);
    model.dispose();
  });

  it('stops a training with terminateOnNaN', async () => {
    const callback = terminateOnNaN();
    const model = await endEpochs(() => callback, { epochs: [good], loss });
    expect(model.stopTraining).toBe(false);
    await endEpoch(callback, { model, epoch: epoch.weight ?? 1, logs: epoch.logs });
    expect(model.stopTraining).toBe(true);
    model.dispose();
  });
});

describe('modelCheckpoint saves', () => {
  it.each([
    ['a negative loss that is no cross-entropy', { loss: -1, val_loss: -1 }, 'meanSquaredError'],
    [
      'a cross-entropy that is negative by rounding',
      { loss: -1e-7, val_loss: -1e-7 },
      'categoricalCrossentropy',
    ],
  ])('%s', async (_, logs, loss) => {
    const saved: number[] = [];
    const save = (model: tf.LayersModel) => void saved.push(weightOf(model));
    const epochs = [{ logs: GOOD }, { logs }];
    const model = await endEpochs(() => modelCheckpoint({ saveBestOnly: true, save }), { epochs, loss });
    expect(saved).toEqual([0, 1]);
    model.dispose();
  });

  it('a diverged epoch under a path of its own, without saveBestOnly, as in Keras', async () => {
    const paths: string[] = [];
    const save = (_: tf.LayersModel, { path }: ModelCheckpointInfo) => void paths.push(path);
    const epochs = [{ logs: GOOD }, { logs: { loss: NaN, val_loss: NaN } }];
    const model = await endEpochs(() => modelCheckpoint({ path: '{epoch}', save }), { epochs });
    expect(paths).toEqual(['1', '2']);
    model.dispose();
  });
});
