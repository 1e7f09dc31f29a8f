import { InputError, type EpochRecord, type SteppedLayer } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { BatchStream } from './batch-stream.js';
import { CallbackList, loggedMetrics, resumableCallbacks } from './callbacks.js';
import { captureCheckpoint, restoreCheckpoint } from './checkpoints/capture-checkpoint.js';
import type { Checkpoint } from './checkpoints/checkpoints.js';
import { markCrossEntropy } from './compile.js';
import { epochDivergence } from './epoch-divergence.js';
import { epochRecord } from './epoch-record.js';
import { expectFitOptions, expectValidation } from './expect-fit-options.js';
import type { FitOptions } from './fit-options.js';
import { markTraining } from './mark-training.js';
import { RunningMean, type Logs } from './running-mean.js';
import { evaluateBatch, steppedLayers, trainBatch } from './train-batch.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/**
 * Trains a compiled model (with `compileClassifier`, or with metrics: ['accuracy']). A run that was stopped
 * and resumed ends with the same weights, bit for bit, as an uninterrupted one: batches are functions of the
 * epoch, dropout masks of the step, and a checkpoint holds the complete state of the optimizer and of the
 * callbacks.
 *
 * A callback that sets `model.stopTraining` ends the training as in Keras: no further batch follows, but the
 * validation and the end of that epoch do. If `signal` aborts or anything throws, no further hook is called,
 * as in Keras (earlyStopping does not restore the best weights): the training has not ended and can be
 * resumed. The model has the weights of the last batch. The next `fit` of the model works.
 *
 * An epoch with a loss that is not finite, a cross-entropy below -1e-6 or a weight that is not finite is diverged: its record
 * says why, and it has no checkpoint, so that a resume continues from the epoch before. A training whose weights are not finite
 * cannot recover: it ends with that epoch.
 *
 * @returns the history, one record per epoch.
 * @throws InputError if an option, a batch or a checkpoint is not valid, where possible before the first
 * step, or while another `fit` trains the model; the reason of the signal if it aborts.
 */
export async function fit(model: tf.LayersModel, options: FitOptions): Promise<EpochRecord[]> {
  expectFitOptions(model, options);
  markCrossEntropy(model);
  const unmark = markTraining(model);
  try {
    return await runEpochs(model, options);
  } finally {
    unmark();
  }
}

async function runEpochs(model: tf.LayersModel, options: FitOptions): Promise<EpochRecord[]> {
  const { train, validation, epochs, stepsPerEpoch, callbacks = [], checkpoints, onEpoch } = options;
  const resumable = resumableCallbacks(callbacks);
  const metrics = loggedMetrics(callbacks, { model, isValidated: validation !== undefined });
  if (validation) await expectValidation(model, validation);
  const checkpoint = await findCheckpoint(options);

  const callbackList = new CallbackList(callbacks, { epochs, metrics });
  callbackList.setSteps(stepsPerEpoch);
  callbackList.setModel(model);
  model.stopTraining = false;
  await callbackList.each((callback) => callback.onTrainBegin());
  if (checkpoint) restoreCheckpoint(model, resumable, checkpoint);

  const history: EpochRecord[] = [...(checkpoint?.history ?? [])];
  let stopped = checkpoint?.stopped ?? false;
  const stream = new BatchStream(train, checkpoint?.position ?? { pass: history.length, batch: 0 });
  const training: Training = {
    model,
    options,
    stream,
    callbacks: callbackList,
    layers: steppedLayers(model),
  };
  try {
    while (history.length < epochs && !stopped) {
      const record = await runEpoch(history.length, training);
      history.push(record);
      await onEpoch?.(history);
      stopped = model.stopTraining;
      const { position } = stream;
      if (record.diverged === undefined)
        await checkpoints?.save(await captureCheckpoint(model, resumable, { history, stopped, position }));
    }
  } finally {
    await stream.close();
  }
  await callbackList.each((callback) => callback.onTrainEnd());
  return history;
}

/** The checkpoint that the run continues from; undefined for a new run. */
async function findCheckpoint(options: FitOptions): Promise<Checkpoint | undefined> {
  const { checkpoints, resume, epochs, onCorruptCheckpoint } = options;
  if (!resume) {
    await checkpoints?.expectEmpty();
    return undefined;
  }
  const checkpoint = await checkpoints!.latest(onCorruptCheckpoint);
  if (checkpoint && checkpoint.epochs > epochs)
    throw new InputError(
      `Expected epochs to be at least the ${checkpoint.epochs} that are complete, got ${epochs}`,
    );
  return checkpoint;
}

/** The objects that all epochs of a run share. */
interface Training {
  readonly model: tf.LayersModel;
  readonly options: FitOptions;
  readonly stream: BatchStream;
  readonly callbacks: CallbackList;
  readonly layers: readonly SteppedLayer[];
}

async function runEpoch(epoch: number, training: Training): Promise<EpochRecord> {
  const { model, options, callbacks } = training;
  const { validation, validateEvery = 1 } = options;
  const startTime = performance.now();
  await callbacks.each((callback) => callback.onEpochBegin(epoch));
  const { learningRate } = model.optimizer as unknown as { learningRate: number };
  const logs = await trainEpoch(training);
  if (validation && (epoch + 1) % validateEvery === 0) Object.assign(logs, await validate(training));
  const { reason: diverged, hasFiniteWeights } = await epochDivergence(model, logs);
  await callbacks.each((callback) => callback.onEpochEnd(epoch, logs));
  if (!hasFiniteWeights) model.stopTraining = true;
  const seconds = (performance.now() - startTime) / 1000;
  return epochRecord(logs, { epoch, learningRate, seconds, diverged });
}

/** Trains on the batches of one epoch. Returns the means of the metrics. */
async function trainEpoch({ model, options, stream, callbacks, layers }: Training): Promise<Logs> {
  const { stepsPerEpoch, signal } = options;
  const runningMean = new RunningMean(model.metricsNames);
  let step = 0;
  for await (const batch of stream.epoch(stepsPerEpoch)) {
    // Only a batch knows the number of batches of its pass.
    if (step === 0) callbacks.setSteps(stepsPerEpoch ?? batch.steps);
    await yieldToEventLoop();
    signal?.throwIfAborted();
    await callbacks.each((callback) => callback.onBatchBegin(step));
    for (const layer of layers) layer.setStep(batch.epoch, batch.step);
    runningMean.add(await trainBatch(model, batch, options), batch.count);
    const logs = { batch: step, size: batch.count };
    await callbacks.each((callback) => callback.onBatchEnd(step, { ...logs, ...runningMean.latest() }));
    if (model.stopTraining) break;
    step++;
  }
  return runningMean.mean();
}

/** Evaluates the validation batches. Returns the means of the metrics, with the prefix `val_`. */
async function validate({ model, options }: Training): Promise<Logs> {
  const runningMean = new RunningMean(model.metricsNames);
  for await (const batch of options.validation!(0)) {
    await yieldToEventLoop();
    options.signal?.throwIfAborted();
    runningMean.add(await evaluateBatch(model, batch, options), batch.count);
  }
  const means = Object.entries(runningMean.mean());
  return Object.fromEntries(means.map(([name, value]) => [`val_${name}`, value]));
}
