import {
  expectInteger,
  InputError,
  type BatchSource,
  type EpochRecord,
  type ImageBatch,
  type Preprocessing,
  type ResumableCallback,
  type SteppedLayer,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { Checkpoints } from './checkpoints.js';
import { tensorsOf } from './inputs.js';
import { Means, type Logs } from './means.js';
import { nextTask } from './next-task.js';
import { capture, restore } from './run-state.js';

export interface FitOptions {
  /** The batches of an epoch; with hard labels or soft targets. */
  train: BatchSource;
  /** Batches that are measured after every epoch (always those of epoch 0). */
  validation?: BatchSource;
  /** How many epochs the run has in all, those before a resume included, >= 1. */
  epochs: number;
  /** At most so many batches an epoch. Default: all. */
  stepsPerEpoch?: number;
  /** Called in this order. Those with state (`ResumableCallback`) have it in the checkpoints. */
  callbacks?: tf.CustomCallback[];
  /** From pixels to what the model reads. Default UNIT_RANGE: [0, 1]. */
  preprocessing?: Preprocessing;
  /** Told of the history so far after every epoch, before its checkpoint. */
  onEpoch?: (history: readonly EpochRecord[]) => void | Promise<void>;
  /** Where the state after every epoch is kept. */
  checkpoints?: Checkpoints;
  /** Go on from the newest checkpoint, if there is one. Default false. */
  resume?: boolean;
  /** Told of a damaged checkpoint that was passed over. */
  onRefused?: (message: string) => void;
  /** Stops within a batch; the epochs finished are in the checkpoints. */
  signal?: AbortSignal;
}

/**
 * Trains a compiled model (with `compileClassifier`, or with metrics: ['accuracy']) and returns the history, a record an
 * epoch. A run that was stopped and resumed has the same weights, bit for bit, as one that was not: batches are functions
 * of the epoch, dropout masks of the step, and a checkpoint holds all the optimizer and the callbacks read.
 *
 * Throws an InputError on what does not fit, and the signal's reason when aborted.
 */
export async function fit(model: tf.LayersModel, options: FitOptions): Promise<EpochRecord[]> {
  const {
    train,
    validation,
    callbacks = [],
    preprocessing,
    checkpoints,
    resume,
    onEpoch,
    onRefused,
    signal,
  } = options;
  const epochs = expectInteger('epochs', options.epochs, { min: 1 });
  const steps = options.stepsPerEpoch ?? Infinity;
  if (steps !== Infinity) expectInteger('stepsPerEpoch', steps, { min: 1 });
  if (!model.optimizer || !model.metricsNames.includes('acc'))
    throw new InputError("Expected a model compiled with metrics: ['accuracy'] (see compileClassifier)");
  const resumable = callbacks.filter(isResumable);
  const stepped = steppedLayers(model);

  const trainOn = async (batch: ImageBatch) => {
    stepped.forEach((layer) => layer.setStep(batch.epoch, batch.step));
    const { x, y } = tensorsOf(model, batch, preprocessing);
    try {
      return (await model.trainOnBatch(x, y)) as number[];
    } finally {
      tf.dispose([x, y]);
    }
  };
  const measureOn = async (batch: ImageBatch) => {
    const { x, y } = tensorsOf(model, batch, preprocessing);
    const measured = tf.tidy(() => tf.stack(model.evaluate(x, y, { batchSize: batch.count }) as tf.Scalar[]));
    try {
      return [...(await measured.data())];
    } finally {
      tf.dispose([x, y, measured]);
    }
  };

  const history: EpochRecord[] = [];
  let stopped = false;
  // How many batches an epoch has is known only once the first of them is there.
  const setParams = (known: number) => {
    const params = { epochs, steps: Number.isFinite(known) ? known : null, verbose: 0 };
    for (const callback of callbacks) callback.setParams(params as never);
  };
  setParams(steps);
  for (const callback of callbacks) callback.setModel(model as never);
  model.stopTraining = false;
  for (const callback of callbacks) await callback.onTrainBegin();
  if (resume && checkpoints) {
    const checkpoint = await checkpoints.latest(onRefused);
    if (checkpoint) {
      restore(model, resumable, checkpoint);
      history.push(...checkpoint.history);
      stopped = checkpoint.stopped;
    }
  }

  for (let epoch = history.length; epoch < epochs && !stopped; epoch++) {
    const began = performance.now();
    for (const callback of callbacks) await callback.onEpochBegin(epoch);
    const learningRate = learningRateOf(model);
    const trained = new Means(model.metricsNames);
    for await (const batch of train(epoch)) {
      if (batch.step >= steps) break;
      if (trained.count === 0) setParams(Math.min(steps, batch.steps ?? Infinity));
      await nextTask();
      signal?.throwIfAborted();
      for (const callback of callbacks) await callback.onBatchBegin(batch.step);
      const values = await trainOn(batch);
      trained.add(values, batch.count);
      const logs = { batch: batch.step, size: batch.count };
      for (const callback of callbacks) await callback.onBatchEnd(batch.step, { ...logs, ...trained.last() });
    }
    if (trained.count === 0) throw new InputError(`Expected batches to train on, got none in epoch ${epoch}`);
    const logs: Logs = trained.mean();
    if (validation) {
      const measured = new Means(model.metricsNames);
      for await (const batch of validation(0)) {
        await nextTask();
        signal?.throwIfAborted();
        measured.add(await measureOn(batch), batch.count);
      }
      for (const [name, value] of Object.entries(measured.mean())) logs[`val_${name}`] = value;
    }
    for (const callback of callbacks) await callback.onEpochEnd(epoch, logs);
    history.push(recordOf(epoch, learningRate, (performance.now() - began) / 1000, logs));
    await onEpoch?.(history);
    stopped = model.stopTraining;
    if (checkpoints) await checkpoints.save(await capture(model, resumable, history, stopped));
  }
  for (const callback of callbacks) await callback.onTrainEnd();
  return history;
}

const isResumable = (callback: unknown): callback is tf.CustomCallback & ResumableCallback =>
  typeof (callback as ResumableCallback).getState === 'function';

const learningRateOf = (model: tf.LayersModel) =>
  (model.optimizer as unknown as { learningRate: number }).learningRate;

/** The layers, at any depth, whose randomness follows the place in the run. */
function steppedLayers(model: tf.LayersModel): SteppedLayer[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return steppedLayers(layer);
    return 'setStep' in layer ? [layer as unknown as SteppedLayer] : [];
  });
}

function recordOf(epoch: number, learningRate: number, seconds: number, logs: Logs): EpochRecord {
  const { loss, accuracy, val_loss: valLoss, val_accuracy: valAccuracy, ...rest } = logs;
  const known = ['acc', 'val_acc', 'lr', 'learningRate', 'learning_rate'];
  const metrics = Object.fromEntries(Object.entries(rest).filter(([name]) => !known.includes(name)));
  return { epoch, learningRate, loss, accuracy, valLoss, valAccuracy, seconds, metrics };
}
