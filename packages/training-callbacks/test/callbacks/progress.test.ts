import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { progress, type TrainingProgress } from '../../src/index.js';
import { oneWeightModel } from '../drive.js';

/** A callback whose clock advances by one second per batch. */
async function driveProgress({ params, interval }: { params: Record<string, number>; interval?: number }) {
  const events: TrainingProgress[] = [];
  let time = 5000;
  const callback = progress((event) => void events.push(event), { interval, now: () => time });
  callback.setParams(params);
  callback.setModel(oneWeightModel(0.5));
  await callback.onTrainBegin();
  const runEpoch = async (epoch: number, steps: number) => {
    await callback.onEpochBegin(epoch);
    for (let step = 0; step < steps; step++) {
      time += 1000;
      await callback.onBatchEnd(step, { loss: step + 1, acc: 0.5 });
    }
    await callback.onEpochEnd(epoch, { loss: 1.5, accuracy: 0.5, val_loss: 2, val_acc: 0.25 });
  };
  return { events, runEpoch };
}

describe('progress', () => {
  it('reports each batch and each epoch as a plain record with the remaining time', async () => {
    const { events, runEpoch } = await driveProgress({ params: { epochs: 2, steps: 2 } });
    await runEpoch(0, 2);
    await runEpoch(1, 2);
    expect(structuredClone(events)).toEqual(events);
    expect(
      events.map(({ kind, epoch, step, seconds, secondsLeft }) => [kind, epoch, step, seconds, secondsLeft]),
    ).toEqual([
      ['step', 0, 1, 1, 3],
      ['step', 0, 2, 2, 2],
      ['epoch', 0, 2, 2, 2],
      ['step', 1, 1, 3, 1],
      ['step', 1, 2, 4, 0],
      ['epoch', 1, 2, 4, 0],
    ]);
    expect(events[0]).toMatchObject({ epochs: 2, steps: 2, loss: 1, accuracy: 0.5, learningRate: 0.5 });
    expect(events[0].valLoss).toBeUndefined();
    expect(events[2]).toMatchObject({ loss: 1.5, accuracy: 0.5, valLoss: 2, valAccuracy: 0.25 });
  });

  it('counts from the first epoch of a resumed training', async () => {
    const { events, runEpoch } = await driveProgress({ params: { epochs: 10, samples: 7, batchSize: 4 } });
    await runEpoch(8, 2);
    expect(events.map(({ epoch, steps, secondsLeft }) => [epoch, steps, secondsLeft])).toEqual([
      [8, 2, 3],
      [8, 2, 2],
      [8, 2, 2],
    ]);
  });

  it('counts the steps of the first epoch if their number is not declared', async () => {
    const { events, runEpoch } = await driveProgress({ params: { epochs: 2 } });
    await runEpoch(0, 2);
    await runEpoch(1, 2);
    expect(events.map(({ steps, secondsLeft }) => [steps, secondsLeft])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [2, 2],
      [2, 1],
      [2, 0],
      [2, 0],
    ]);
  });

  it('reports batches with at least the interval between them, and every epoch', async () => {
    const { events, runEpoch } = await driveProgress({ params: { epochs: 1, steps: 5 }, interval: 2000 });
    await runEpoch(0, 5);
    expect(events.map(({ kind, step }) => [kind, step])).toEqual([
      ['step', 1],
      ['step', 3],
      ['step', 5],
      ['epoch', 5],
    ]);
  });

  it('reads scalars without disposing them', async () => {
    const events: TrainingProgress[] = [];
    const callback = progress((event) => void events.push(event), { interval: 0 });
    callback.setParams({ epochs: 1, steps: 1 });
    callback.setModel(oneWeightModel());
    await callback.onTrainBegin();
    await callback.onEpochBegin(0);
    const loss = tf.scalar(0.75);
    const logs = { loss };
    await callback.onBatchEnd(0, logs);
    expect(events[0].loss).toBe(0.75);
    expect(logs.loss).toBe(loss);
    expect(loss.isDisposed).toBe(false);
    loss.dispose();
  });

  it('refuses an interval below 0', () => {
    expect(() => progress(() => undefined, { interval: -1 })).toThrow(
      new InputError('Expected interval to be a number >= 0, got -1'),
    );
  });
});
