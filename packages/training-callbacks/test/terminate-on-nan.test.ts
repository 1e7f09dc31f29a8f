import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { earlyStopping, reduceLROnPlateau, terminateOnNaN } from '../src/index.js';
import { begin, oneWeightModel } from './drive.js';
import { golden, numberOf } from './golden.js';

describe("terminateOnNaN stops where Keras's does", () => {
  it('in all of the 14 cases', () => expect(golden.TerminateOnNaN).toHaveLength(14));

  it.each(golden.TerminateOnNaN)('$batch_losses', async ({ batch_losses, expected }) => {
    const model = oneWeightModel();
    const callback = terminateOnNaN();
    await begin(callback, model);
    let batches = 0;
    for (const [epoch, losses] of batch_losses.entries()) {
      if (model.stopTraining) break;
      await callback.onEpochBegin(epoch);
      for (const [batch, loss] of losses.entries()) {
        batches++;
        await callback.onBatchEnd(batch, loss === null ? {} : { loss: numberOf(loss)! });
        if (model.stopTraining) break;
      }
    }
    const { stoppedAt: at } = callback;
    expect({
      stopped: model.stopTraining,
      at: at ? { epoch: at.epoch, batch: at.step } : null,
      batches_run: batches,
    }).toEqual(expected);
    model.dispose();
  });
});

describe('terminateOnNaN', () => {
  it('ends a fit of TensorFlow.js at the batch, and lets callbacks beside it that watch a validation metric end in peace', async () => {
    const model = oneWeightModel(0.01);
    const x = tf.tensor2d([1, 1, 1, NaN, 1, 1], [6, 1]);
    const seen: string[] = [];
    const recorder = new tf.CustomCallback({
      onBatchEnd: (batch) => void seen.push(`batch ${batch}`),
      onEpochEnd: (epoch) => void seen.push(`epoch ${epoch}`),
      onTrainEnd: () => void seen.push('end'),
    });
    const callback = terminateOnNaN();
    await model.fit(x, x, {
      epochs: 3,
      batchSize: 2,
      shuffle: false,
      validationData: [x, x],
      verbose: 0,
      callbacks: [callback, earlyStopping({ restoreBestWeights: true }), reduceLROnPlateau(), recorder],
    });
    expect(seen).toEqual(['batch 0', 'batch 1', 'epoch 0', 'end']);
    expect(callback.stoppedAt).toEqual({ epoch: 0, step: 1 });
    x.dispose();
    model.dispose();
  });

  it('forgets at train begin where it stopped before', async () => {
    const model = oneWeightModel();
    const callback = terminateOnNaN();
    await begin(callback, model);
    await callback.onBatchEnd(0, { loss: NaN });
    await begin(callback, model);
    expect(callback.stoppedAt).toBeUndefined();
    model.dispose();
  });
});
