import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { earlyStopping, reduceLROnPlateau, terminateOnNaN } from '../../src/index.js';
import { begin, oneWeightModel } from '../drive.js';
import { golden, numberOf } from '../golden.js';

describe("terminateOnNaN is equal to Keras's TerminateOnNaN", () => {
  it('in all 14 cases', () => expect(golden.TerminateOnNaN).toHaveLength(14));

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
    const { stoppedAt } = callback;
    expect({
      stopped: model.stopTraining,
      at: stoppedAt ? { epoch: stoppedAt.epoch, batch: stoppedAt.step } : null,
      batches_run: batches,
    }).toEqual(expected);
    model.dispose();
  });
});

describe('terminateOnNaN', () => {
  it('stops a fit of TensorFlow.js; callbacks that monitor a validation metric do not fail', async () => {
    const model = oneWeightModel(0.01);
    const x = tf.tensor2d([1, 1, 1, NaN, 1, 1], [6, 1]);
    const calls: string[] = [];
    const recorder = new tf.CustomCallback({
      onBatchEnd: (batch) => void calls.push(`batch ${batch}`),
      onEpochEnd: (epoch) => void calls.push(`epoch ${epoch}`),
      onTrainEnd: () => void calls.push('end'),
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
    expect(calls).toEqual(['batch 0', 'batch 1', 'epoch 0', 'end']);
    expect(callback.stoppedAt).toEqual({ epoch: 0, step: 1 });
    x.dispose();
    model.dispose();
  });

  it('is reset at train begin', async () => {
    const model = oneWeightModel();
    const callback = terminateOnNaN();
    await begin(callback, model);
    await callback.onBatchEnd(0, { loss: NaN });
    await begin(callback, model);
    expect(callback.stoppedAt).toBeUndefined();
    model.dispose();
  });
});
