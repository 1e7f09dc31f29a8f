import { memoryStore } from '@convlens/storage';
import type { BatchSource, CallbackState, ImageBatch, ResumableCallback } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, classifier, SIZE, weightsOf } from './bars.js';

/** Halves the learning rate every second epoch: its state must be restored by a resume. */
class Halve extends tf.CustomCallback implements ResumableCallback {
  readonly stateName = 'halve';
  private epochs = 0;
  private model!: tf.LayersModel;
  constructor() {
    super({ onEpochEnd: () => {} });
  }
  override setModel(model: unknown) {
    this.model = model as tf.LayersModel;
  }
  override async onEpochEnd() {
    const optimizer = this.model.optimizer as unknown as { learningRate: number };
    if (++this.epochs % 2 === 0) optimizer.learningRate /= 2;
  }
  getState = () => ({ epochs: this.epochs });
  setState = ({ epochs }: CallbackState) => void (this.epochs = epochs as number);
}

const withoutTime = (history: Awaited<ReturnType<typeof fit>>) =>
  history.map((record) => ({ ...record, seconds: 0 }));
const run: FitOptions = { train: bars(5), validation: bars(2, 8, 9), epochs: 3 };

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

describe('fit', () => {
  it('learns, and returns loss, accuracy and learning rate of every epoch', async () => {
    const model = classifier();
    const history = await fit(model, { ...run, train: bars(20), epochs: 4 });
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(history.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.01, 0.01, 0.01]);
    expect(history[3].loss).toBeLessThan(history[0].loss / 2);
    expect(history[3].valAccuracy).toBeGreaterThan(0.9);
  });

  it('returns the loss and accuracy that TensorFlow.js computes for the same batches', async () => {
    const [ours, theirs] = [classifier(), classifier()];
    const [{ loss, accuracy }] = await fit(ours, { train: (epoch) => bars(1)(epoch), epochs: 1 });
    const [batch] = bars(1)(0) as ImageBatch[];
    (theirs.layers[4] as unknown as { setStep(epoch: number, step: number): void }).setStep(0, 0);
    const x = tf.tensor4d(
      (batch.pixels as Float32Array).map((value) => value / 255),
      [8, SIZE, SIZE, 1],
    );
    const y = tf.oneHot(tf.tensor1d(batch.labels!, 'int32'), 3).toFloat();
    const [expectedLoss, expectedAccuracy] = (await theirs.trainOnBatch(x, y)) as number[];
    expect(loss).toBeCloseTo(expectedLoss, 6);
    expect(accuracy).toBeCloseTo(expectedAccuracy, 6);
    weightsOf(ours).forEach((weight, i) =>
      weight.forEach((value, j) => expect(value).toBeCloseTo(weightsOf(theirs)[i][j], 6)),
    );
  });

  it.each(['adam', 'nesterov', 'rmsprop', 'sgd'] as const)(
    'ends with the same weights, bit for bit, uninterrupted or stopped and resumed: %s',
    async (optimizer) => {
      const settings = { optimizer } as Parameters<typeof classifier>[0];
      const whole = classifier(settings);
      const history = await fit(whole, { ...run, callbacks: [new Halve()] });

      // The first part is aborted within its second epoch; only the checkpoint remains.
      const store = memoryStore();
      const controller = new AbortController();
      const aborting: BatchSource = function* (epoch) {
        for (const batch of bars(5)(epoch) as ImageBatch[]) {
          if (epoch === 1 && batch.step === 3) controller.abort();
          yield batch;
        }
      };
      const first = classifier(settings);
      const part = {
        ...run,
        train: aborting,
        checkpoints: openCheckpoints(store),
        signal: controller.signal,
      };
      await expect(fit(first, { ...part, callbacks: [new Halve()] })).rejects.toThrow('aborted');
      first.dispose();

      // Other initial weights: every weight must come from the checkpoint.
      const second = classifier(settings);
      second.setWeights(second.getWeights().map((weight) => tf.onesLike(weight)));
      const resumed = { ...run, checkpoints: openCheckpoints(store), resume: true };
      const resumedHistory = await fit(second, { ...resumed, callbacks: [new Halve()] });

      expect(weightsOf(second)).toEqual(weightsOf(whole));
      expect(withoutTime(resumedHistory)).toEqual(withoutTime(history));
    },
  );

  it('ends with other weights for another seed, so that the test above can fail', async () => {
    const [one, other] = [classifier(), classifier({ seed: 2 })];
    await fit(one, run);
    await fit(other, run);
    expect(weightsOf(one)).not.toEqual(weightsOf(other));
  });

  it('does nothing if a complete run is resumed', async () => {
    const checkpoints = openCheckpoints(memoryStore());
    const model = classifier();
    const history = await fit(model, { ...run, checkpoints });
    const weights = weightsOf(model);
    expect(await fit(model, { ...run, checkpoints, resume: true })).toEqual(history);
    expect(weightsOf(model)).toEqual(weights);
  });

  it('refuses a new run beside checkpoints, and a resume for fewer epochs than are complete', async () => {
    const store = memoryStore();
    const checkpoints = openCheckpoints(store);
    await fit(classifier(), { ...run, checkpoints });
    const names = await store.list();
    const model = classifier();
    const weights = weightsOf(model);
    await expect(fit(model, { ...run, checkpoints })).rejects.toThrow(
      'Expected no checkpoints in a new run, found memory/0003.checkpoint: resume that run',
    );
    await expect(fit(model, { ...run, checkpoints, epochs: 2, resume: true })).rejects.toThrow(
      'Expected epochs to be at least the 3 that are complete, got 2',
    );
    expect(weightsOf(model)).toEqual(weights);
    expect(await store.list()).toEqual(names);
  });

  it('checks the first validation batch before training', async () => {
    const refused = async (validation: BatchSource) => {
      const model = classifier();
      const weights = weightsOf(model);
      const error = await fit(model, { ...run, validation }).catch((reason: Error) => reason);
      expect(weightsOf(model)).toEqual(weights);
      return (error as Error).message;
    };
    const first = (part: Partial<ImageBatch>) => () => [{ ...(bars(1)(0) as ImageBatch[])[0], ...part }];
    expect(await refused(() => [])).toBe('Expected batches to validate on, got none');
    expect(await refused(first({ classNames: ['a', 'b'] }))).toContain('Expected a model with 2 outputs');
    expect(await refused(first({ labels: new Int32Array(8).fill(3) }))).toContain(
      'Expected labels from 0 to 2, got 3',
    );
    expect(await refused(first({ width: 9, height: 4 }))).toContain('Expected images of 6 x 6 x 1');
  });

  it('stops after the epoch in which a callback sets stopTraining', async () => {
    const model = classifier();
    const stop = new tf.CustomCallback({
      onEpochEnd: async (epoch) => void (model.stopTraining = epoch === 1),
    });
    expect(await fit(model, { ...run, callbacks: [stop] })).toHaveLength(2);
  });

  it('lets timers run between batches, so that a signal can abort it', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const train: BatchSource = function* () {
      for (let step = 0; step < 2000; step++) yield* bars(1)(0) as ImageBatch[];
    };
    const options = { ...run, train, signal: controller.signal };
    await expect(fit(classifier(), options)).rejects.toThrow('aborted');
  });

  it('accepts soft targets, and stepsPerEpoch below a pass', async () => {
    const soft: BatchSource = (epoch) =>
      (bars(5)(epoch) as ImageBatch[]).map((batch) => {
        const targets = new Float32Array(batch.count * 3).fill(1 / 3);
        return { ...batch, labels: undefined, targets };
      });
    const steps: number[] = [];
    const count = new tf.CustomCallback({ onBatchBegin: async (step) => void steps.push(step) });
    const [{ loss }] = await fit(classifier(), {
      train: soft,
      epochs: 1,
      stepsPerEpoch: 2,
      callbacks: [count],
    });
    expect(steps).toEqual([0, 1]);
    expect(loss).toBeGreaterThan(Math.log(3) - 1e-4);
  });

  it('keeps no tensor except those of the model and its optimizer, also after an abort', async () => {
    const model = classifier();
    await fit(model, { ...run, epochs: 1 });
    const before = tf.memory().numTensors;
    await fit(model, run);
    const signal = AbortSignal.abort();
    await expect(fit(model, { ...run, signal })).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses options and batches that are not valid', async () => {
    const refuse = (change: Partial<FitOptions>, model = classifier()) =>
      expect(fit(model, { ...run, ...change })).rejects;
    await refuse({ epochs: 0 }).toThrow('Expected epochs to be an integer >= 1, got 0');
    await refuse({ train: () => [] }).toThrow('Expected batches to train on, got none in epoch 0');
    const change = (part: Partial<ImageBatch>) => ({
      train: () => [{ ...(bars(1)(0) as ImageBatch[])[0], ...part }],
    });
    await refuse(change({ width: 9, height: 4 })).toThrow(
      'Expected images of 6 x 6 x 1 as the model reads, got 4 x 9 x 1',
    );
    await refuse(change({ classNames: ['a', 'b'] })).toThrow('Expected a model with 2 outputs');
    await refuse(change({ labels: new Int32Array(8).fill(3) })).toThrow('Expected labels from 0 to 2, got 3');
    await refuse(change({ labels: undefined })).toThrow('Expected labeled images');
    const bare = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    await refuse({}, bare).toThrow('Expected a model compiled with');
  });
});
