import { augment, parseAugment } from '@convlens/augment';
import { InputError, type EpochRecord, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { batches, parseSplit, split, take } from '@convlens/image-set';
import {
  buildModel,
  saveModel,
  whitenFirstConvolution,
  type ModelMetadata,
  type ModelOptions,
} from '@convlens/models';
import {
  compileClassifier,
  disposeOptimizer,
  fit,
  openCheckpoints,
  type Checkpoints,
} from '@convlens/training';
import {
  earlyStopping,
  modelCheckpoint,
  progress,
  reduceLROnPlateau,
  type TrainingProgress,
} from '@convlens/training-callbacks';
import type * as tf from '@tensorflow/tfjs';
import { preprocessingOf } from './preprocessings.js';
import {
  checkpointStore,
  historyTable,
  modelStore,
  names,
  readRun,
  writeJson,
  type RunDescription,
  type RunSummary,
} from './run-folder.js';
import { needsEnd, scheduleOf } from './schedule.js';
import { expectSameSettings, expectSettings, type RunSettings } from './settings.js';

export interface TrainOptions {
  /** The run folder. */
  store: BlobStore;
  /** The training images; part of them is held out for validation. */
  images: ImageSet;
  /** Builds the model where the settings name one of the caller's own. Default: buildModel by its name. */
  build?: (options: ModelOptions) => tf.LayersModel;
  /** Go on from the last whole epoch, if there is one. Default false. */
  resume?: boolean;
  /** Stops within a batch. Epochs that are finished stay, and the run can be resumed. */
  signal?: AbortSignal;
  onProgress?: (progress: TrainingProgress) => void;
  /** Told of what a reader should know, such as a damaged checkpoint that was passed over. */
  onNotice?: (message: string) => void;
}

/**
 * Trains as the description says, into a run folder: run.json first, then after every epoch the history, the summary, a
 * checkpoint, and the model if the epoch is the best yet. A run that fails before its first epoch is over leaves nothing.
 */
export async function trainRun(description: RunDescription, options: TrainOptions): Promise<RunSummary> {
  const { store, images, resume = false, signal, onProgress, onNotice } = options;
  const settings = expectSettings(description.settings);
  const { model: name, seed, batchSize, epochs, stepsPerEpoch, validateEvery } = settings;
  const { labelSmoothing, classWeights } = settings;
  const { train, validation } = splitOf(images, settings);
  const checkpoints = openCheckpoints(checkpointStore(store));
  const before = resume
    ? await expectResumable(store, { description, checkpoints, onNotice })
    : await expectFree(store);

  const shape: [number, number, number] = [images.height, images.width, images.channels];
  const build = options.build ?? ((modelOptions: ModelOptions) => buildModel(name, modelOptions));
  const model = build({ inputShape: shape, classes: images.classNames.length, seed });
  const summarize = (history: readonly EpochRecord[]): RunSummary => ({
    model: name,
    parameters: model.countParams(),
    classNames: images.classNames,
    epochs: history.length,
    epochsAsked: epochs,
    best: bestOf(history),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
  });
  let trained = false;
  try {
    expectFits(model, images);
    const preprocessing = preprocessingOf(settings.preprocessing ?? 'unit', train);
    if (settings.whiten) whitenFirstConvolution(model, { images: train, preprocessing });
    compileClassifier(model, settings);
    await writeJson(store, names.run, description);
    const metadata = { preprocessing, classNames: images.classNames };
    const history = await fit(model, {
      train: augment(batches(train, { batchSize, seed }), parseAugment(settings.augment), { seed }),
      validation: batches(validation, { batchSize, shuffle: false }),
      epochs,
      stepsPerEpoch,
      validateEvery,
      labelSmoothing,
      classWeights,
      preprocessing,
      callbacks: [
        ...callbacksOf(settings, stepsPerEpoch ?? Math.ceil(train.count / batchSize)),
        keepBest(store, metadata),
        ...(onProgress ? [progress(onProgress)] : []),
      ],
      onEpoch: async (records) => {
        await writeHistory(store, records);
        await writeJson(store, names.summary, summarize(records));
        trained = true;
      },
      checkpoints,
      resume,
      signal,
    });
    // A run that was finished already keeps its evaluation.
    return !trained && before.summary ? before.summary : summarize(history);
  } catch (error) {
    // A run that was there before, or that was only stopped, can be resumed.
    if (!trained && !resume && !signal?.aborted) await store.remove(names.run);
    throw error;
  } finally {
    // model.dispose leaves the optimizer.
    const { optimizer } = model as { optimizer?: tf.Optimizer };
    if (optimizer) disposeOptimizer(optimizer);
    model.dispose();
  }
}

/** Which images a run is trained on, and which are held out for validation: of the first so many, if there is a limit. */
export function splitOf(
  images: ImageSet,
  { limit = Infinity, validation, seed }: Pick<RunSettings, 'limit' | 'validation' | 'seed'>,
): { train: ImageSet; validation: ImageSet } {
  const limited = take(images, Math.min(limit, images.count));
  const { taken, rest } = split(limited, { ...parseSplit(validation), seed });
  if (taken.count === 0 || rest.count === 0)
    throw new InputError(
      `Expected images to train on and images to validate on, got ${rest.count} and ${taken.count} (limit, validation)`,
    );
  return { train: rest, validation: taken };
}

/**
 * The epoch of the lowest validation loss, whose model is kept; of equal ones the earlier. A loss that is no number is
 * never the lowest; where all are none, as before the first validation, the last epoch.
 */
export function bestOf(history: readonly EpochRecord[]): EpochRecord {
  // JSON writes NaN as null; callbacks compare in 32 bits, as Keras does.
  const lossOf = ({ valLoss }: EpochRecord) => (Number.isFinite(valLoss) ? Math.fround(valLoss!) : Infinity);
  return history.reduce((best, record) =>
    lossOf(record) < lossOf(best) || lossOf(best) === Infinity ? record : best,
  );
}

/** What moves the learning rate, and what stops a run early. */
function callbacksOf(settings: RunSettings, stepsPerEpoch: number): tf.CustomCallback[] {
  const { learningRate: rate, epochs, schedule, plateau, patience } = settings;
  return [
    ...(schedule ? [scheduleOf(schedule, { rate, epochs, stepsPerEpoch })] : []),
    ...(plateau ? [reduceLROnPlateau(plateau)] : []),
    ...(patience === null ? [] : [earlyStopping({ patience, restoreBestWeights: true })]),
  ];
}

/** Saves the model after every epoch that is the best yet, so that an interrupted run has one. */
const keepBest = (store: BlobStore, metadata: ModelMetadata) =>
  modelCheckpoint({
    path: names.model,
    saveBestOnly: true,
    save: (model) => saveModel(model, modelStore(store), metadata),
  });

/** A model of the caller's own is checked before anything is written. */
function expectFits(model: tf.LayersModel, { height, width, channels, classNames }: ImageSet): void {
  const { inputs, outputs } = model;
  if (inputs.length !== 1 || outputs.length !== 1)
    throw new InputError(
      `Expected a model with one input and one output, got ${inputs.length} and ${outputs.length}`,
    );
  const [, ...reads] = inputs[0].shape;
  const gets = [height, width, channels];
  if (reads.length !== 3 || reads.some((size, i) => size !== null && size !== gets[i]))
    throw new InputError(
      `Expected a model that reads images of ${gets.join(' x ')}, got one that reads ${reads.join(' x ')}`,
    );
  const [, ...puts] = outputs[0].shape;
  if (puts.length !== 1 || puts[0] !== classNames.length)
    throw new InputError(
      `Expected a model with ${classNames.length} outputs, one a class, got ${puts.join(' x ')}`,
    );
}

type Before = Pick<Awaited<ReturnType<typeof readRun>>, 'summary'>;

async function expectFree(store: BlobStore): Promise<Before> {
  if (await store.read(names.run))
    throw new InputError(
      `Expected an empty run folder, found a run in ${store.location}: resume it or choose another`,
    );
  return {};
}

/** What is there of a run that goes on; throws before anything of it is changed if it cannot. */
async function expectResumable(
  store: BlobStore,
  options: { description: RunDescription; checkpoints: Checkpoints; onNotice?: (message: string) => void },
): Promise<Before> {
  const { description, checkpoints, onNotice = () => {} } = options;
  const { history, summary, description: saved } = await readRun(store);
  expectSameSettings(description.settings, saved.settings);
  const { epochs } = description.settings;
  const { schedule, epochs: planned } = saved.settings;
  if (schedule && needsEnd(schedule) && epochs !== planned)
    throw new InputError(
      `Expected epochs to be ${planned}, over which the schedule ${schedule} of this run is laid out, got ${epochs}`,
    );
  if (epochs < history.length)
    throw new InputError(
      `Expected at least the ${history.length} epochs that are finished, got epochs ${epochs}`,
    );
  const checkpoint = await checkpoints.latest(onNotice);
  // One epoch without a checkpoint is what a kill leaves that falls between the two: the run begins again.
  if (!checkpoint && history.length > 1)
    throw new InputError(
      `Expected a checkpoint to go on from after ${history.length} epochs, found none in ${store.location}/${names.checkpoint}`,
    );
  if (saved.backend !== description.backend)
    onNotice(
      `The run was begun with ${saved.backend} and goes on with ${description.backend}: other last digits.`,
    );
  if (checkpoint && (checkpoint.stopped || checkpoint.epochs >= epochs))
    onNotice('The run is finished: nothing to do.');
  return { summary };
}

async function writeHistory(store: BlobStore, history: readonly EpochRecord[]): Promise<void> {
  await writeJson(store, names.history, history);
  await store.write(names.historyTable, new TextEncoder().encode(historyTable(history)));
}
