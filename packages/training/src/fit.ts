import { InputError, type BatchSource, type EpochRecord, type Preprocessing } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { BatchStream } from './batch-stream.js';
import { loggedMetrics, resumableOf } from './callback-list.js';
import type { Checkpoint, Checkpoints } from './checkpoints.js';
import { recordOf } from './epoch-record.js';
import { expectOptions, expectValidation } from './expect-options.js';
import { Means, type Logs } from './means.js';
import { nextTask } from './next-task.js';
import { capture, restore } from './run-state.js';
import { measureOn, steppedLayers, trainOn } from './steps.js';
import type { TargetOptions } from './targets.js';

export interface FitOptions extends TargetOptions {
  /** The batches of a pass over the data; with hard labels or soft targets. */
  train: BatchSource;
  /** Batches that are measured after an epoch (always those of pass 0). */
  validation?: BatchSource;
  /** How many epochs the run has in all, those before a resume included, >= 1. */
  epochs: number;
  /**
   * How many batches an epoch has, >= 1; it goes on where the last one ended, over as many passes as it takes. So
   * "validate every 1,000 steps" is an epoch of 1,000 steps. Default: an epoch is a pass.
   */
  stepsPerEpoch?: number;
  /**
   * Validate after every so many epochs, >= 1: Keras's validation_freq. Callbacks that watch a validation metric let the
   * epochs between pass. Default 1.
   */
  validateEvery?: number;
  /** Called in this order. Those with state (`ResumableCallback`) have it in the checkpoints. */
  callbacks?: tf.CustomCallback[];
  /** From pixels to what the model reads. Default UNIT_RANGE: [0, 1]. */
  preprocessing?: Preprocessing;
  /** Told of the history so far after every epoch, before its checkpoint. */
  onEpoch?: (history: readonly EpochRecord[]) => void | Promise<void>;
  /** Where the state after every epoch is kept; there must be none of another run. */
  checkpoints?: Checkpoints;
  /**
   * Go on from the newest checkpoint, if there is one. A run that a callback has stopped is finished, and stays so.
   * Default false.
   */
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
 * A callback that sets `model.stopTraining` ends the training as in Keras: within an epoch no batch follows, but the
 * validation and the end of that epoch do. When `signal` aborts, or anything throws, nothing follows: as in Keras, no
 * callback hears of an end (earlyStopping brings no best weights back), since the training has not ended; it can be
 * resumed. The model is left as the last batch left it.
 *
 * Throws an InputError on what does not fit, before the first step where it can be seen, and the signal's reason when
 * aborted.
 */
export async function fit(model: tf.LayersModel, options: FitOptions): Promise<EpochRecord[]> {
  expectOptions(model, options);
  const { train, validation, epochs, stepsPerEpoch, validateEvery = 1, callbacks = [], signal } = options;
  const { checkpoints, onEpoch } = options;
  const resumable = resumableOf(callbacks);
  const metrics = loggedMetrics(callbacks, { model, isValidated: validation !== undefined });
  if (validation) await expectValidation(model, validation);
  const checkpoint = await checkpointOf(options);
  const stepped = steppedLayers(model);
  const setSteps = (steps: number | null = null) => {
    for (const callback of callbacks) callback.setParams({ epochs, steps, metrics, verbose: 0 } as never);
  };

  setSteps(stepsPerEpoch);
  for (const callback of callbacks) callback.setModel(model as never);
  model.stopTraining = false;
  for (const callback of callbacks) await callback.onTrainBegin();
  if (checkpoint) restore(model, resumable, checkpoint);
  const history: EpochRecord[] = [...(checkpoint?.history ?? [])];
  const stream = new BatchStream(train, checkpoint?.position ?? { pass: history.length, batch: 0 });
  let stopped = checkpoint?.stopped ?? false;

  const trainEpoch = async (): Promise<Logs> => {
    const means = new Means(model.metricsNames);
    let step = 0;
    for await (const batch of stream.epoch(stepsPerEpoch)) {
      // How many batches a pass has is known only once the first of them is there.
      if (step === 0) setSteps(stepsPerEpoch ?? batch.steps);
      await nextTask();
      signal?.throwIfAborted();
      for (const callback of callbacks) await callback.onBatchBegin(step);
      stepped.forEach((layer) => layer.setStep(batch.epoch, batch.step));
      means.add(await trainOn(model, batch, options), batch.count);
      const logs = { batch: step, size: batch.count };
      for (const callback of callbacks) await callback.onBatchEnd(step, { ...logs, ...means.last() });
      if (model.stopTraining) break;
      step++;
    }
    return means.mean();
  };
  const validate = async (): Promise<Logs> => {
    const means = new Means(model.metricsNames);
    for await (const batch of validation!(0)) {
      await nextTask();
      signal?.throwIfAborted();
      means.add(await measureOn(model, batch, options), batch.count);
    }
    return Object.fromEntries(Object.entries(means.mean()).map(([name, value]) => [`val_${name}`, value]));
  };

  try {
    for (let epoch = history.length; epoch < epochs && !stopped; epoch++) {
      const began = performance.now();
      for (const callback of callbacks) await callback.onEpochBegin(epoch);
      const { learningRate } = model.optimizer as unknown as { learningRate: number };
      const logs = await trainEpoch();
      if (validation && (epoch + 1) % validateEvery === 0) Object.assign(logs, await validate());
      for (const callback of callbacks) await callback.onEpochEnd(epoch, logs);
      const seconds = (performance.now() - began) / 1000;
      history.push(recordOf(logs, { epoch, learningRate, seconds }));
      await onEpoch?.(history);
      stopped = model.stopTraining;
      const { position } = stream;
      await checkpoints?.save(await capture(model, resumable, { history, stopped, position }));
    }
  } finally {
    await stream.close();
  }
  for (const callback of callbacks) await callback.onTrainEnd();
  return history;
}

/** What a run goes on from; undefined where it begins. */
async function checkpointOf({
  checkpoints,
  resume,
  epochs,
  onRefused,
}: FitOptions): Promise<Checkpoint | undefined> {
  if (!resume) {
    await checkpoints?.expectNone();
    return undefined;
  }
  const checkpoint = await checkpoints!.latest(onRefused);
  if (checkpoint && checkpoint.epochs > epochs)
    throw new InputError(
      `Expected epochs to be at least the ${checkpoint.epochs} that are finished, got ${epochs}`,
    );
  return checkpoint;
}
