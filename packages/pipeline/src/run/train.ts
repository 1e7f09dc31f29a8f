import { augment, parseAugment } from '@convlens/augment';
import {
  expectObject,
  expectOptions,
  type EpochRecord,
  type OptionNames,
  type Preprocessing,
} from '@convlens/core';
import type { Dataset } from '@convlens/image-set/files';
import {
  buildModel,
  saveModel,
  whitenFirstConvolution,
  type ModelMetadata,
  type ModelOptions,
} from '@convlens/models';
import { expectStore, writeJson, type BlobStore } from '@convlens/storage';
import {
  compileClassifier,
  disposeOptimizer,
  fit,
  openCheckpoints,
  type FitOptions,
} from '@convlens/training';
import {
  earlyStopping,
  modelCheckpoint,
  progress,
  reduceLROnPlateau,
  type TrainingProgress,
} from '@convlens/training-callbacks';
import type * as tf from '@tensorflow/tfjs';
import {
  batchesOf,
  checksumOf,
  expectTrainingImages,
  sampleOf,
  trainingPreprocessing,
  type TrainingImages,
} from '../data/training-images.js';
import { expectDistinctClasses, expectMatchingModel } from './expect-matching-model.js';
import { namingFittingBatch, warnOfHeap, type MemoryGuard } from './fitting-batch-size.js';
import { recordedDescription } from '../recorded/recorded-settings.js';
import { expectEmptyFolder, expectResumable } from './resume.js';
import { checkpointStore, modelStore, RUN_FILES, writeHistory, type RunDescription } from './run-folder.js';
import { summarizeRun, type RunSummary } from './run-summary.js';
import { parseSchedule } from './schedule.js';
import type { RunSettings } from './run-settings.js';
import { compileOptions, expectSettings } from './settings.js';
import { divideTrainingImages } from './split-training-images.js';

export interface TrainOptions {
  /** The run folder. */
  readonly store: BlobStore;
  /**
   * The training images; some of them are held out for validation. Those of a stream (`openImages` of @convlens/image-set/folder) give
   * the same weights as in memory. They are read once more before the training, for their checksum.
   */
  readonly images: TrainingImages;
  /** The validation images of the data set itself, for the setting `validation: 'separate'`. */
  readonly validationImages?: TrainingImages;
  /** Builds the model. Default: `buildModel` with the architecture that the settings name. */
  readonly build?: (options: ModelOptions) => tf.LayersModel;
  /** The data sets that the settings can name. Default DATASETS. */
  readonly datasets?: readonly Dataset[];
  /** Whether to continue a run after its last finished epoch. Default false. */
  readonly resume?: boolean;
  /** Stops the training within a batch. Finished epochs are kept, and the run can be resumed. */
  readonly signal?: AbortSignal;
  /** Called once run.json is written, before the training, with what it holds. */
  readonly onStart?: (description: RunDescription) => void | Promise<void>;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called with messages such as that a damaged checkpoint was skipped. */
  readonly onWarning?: (message: string) => void;
}

const TRAIN_OPTIONS: OptionNames<TrainOptions> = {
  store: true,
  images: true,
  validationImages: true,
  build: true,
  datasets: true,
  resume: true,
  signal: true,
  onStart: true,
  onProgress: true,
  onWarning: true,
};

/** The images that the whitening reads of a stream: as many as it uses of a set. */
const WHITENED = 5000;

/**
 * Trains a model and writes a run folder: run.json at the start, with the checksum of `images` and no path of this machine; after every epoch the history, the summary,
 * a checkpoint, and the model if the epoch is the best so far. A new run that fails before its first epoch is
 * finished leaves nothing. A diverged epoch changes neither the model nor the checkpoint; if the last one is diverged, the summary
 * says why (`expectConverged`).
 *
 * @throws InputError if a setting is invalid, if the model does not match the images, if the folder already
 *   holds a run, or if the run cannot be resumed.
 */
export async function trainRun(description: RunDescription, options: TrainOptions): Promise<RunSummary> {
  expectOptions('trainRun', options, TRAIN_OPTIONS);
  expectObject('the options of trainRun', options);
  expectObject('description', description);
  expectStore('store', options.store);
  expectTrainingImages('images', options.images);
  const { store, images, datasets, resume = false, signal, onWarning = () => {} } = options;
  const settings = expectSettings(description.settings, { datasets });
  expectDistinctClasses(images);
  const { validationImages } = options;
  // A run of before may have held out images that lack a class; it is resumed as it began.
  const data = divideTrainingImages(images, settings, { validationImages, mayLackClass: resume });
  const checkpoints = openCheckpoints(checkpointStore(store));
  const recorded = { ...recordedDescription(description), dataChecksum: await checksumOf(images) };
  const previousSummary = resume
    ? await expectResumable(store, { description: recorded, checkpoints, onWarning })
    : await expectEmptyFolder(store);
  const model = buildRunModel(settings, options);
  const summarize = (history: readonly EpochRecord[]) =>
    summarizeRun(model, { settings: recorded.settings, classNames: images.classNames, history });
  let hasTrained = false;
  try {
    expectMatchingModel(model, images);
    const preprocessing = await trainingPreprocessing(settings.preprocessing ?? 'unit', data.train);
    if (settings.whiten)
      whitenFirstConvolution(model, { images: await sampleOf(data.train, WHITENED), preprocessing });
    compileClassifier(model, compileOptions(settings));
    await writeJson(store, RUN_FILES.run, recorded);
    await options.onStart?.(recorded);
    if (resume) await checkpoints.removeOldest();
    const guard = memoryGuard(settings, { ...options, onWarning, train: data.train, preprocessing });
    const fitting = {
      ...fitOptions(settings, data),
      preprocessing,
      callbacks: [
        ...callbacksOf(settings, {
          ...options,
          trainCount: data.train.count,
          metadata: { preprocessing, classNames: images.classNames },
        }),
        warnOfHeap(guard),
      ],
      onEpoch: async (records: readonly EpochRecord[]) => {
        await writeHistory(store, records);
        await writeJson(store, RUN_FILES.summary, summarize(records));
        hasTrained = true;
      },
      checkpoints,
      resume,
      signal,
    };
    const history = await namingFittingBatch(() => fit(model, fitting), guard);
    // The summary of a run that was finished before may hold its evaluation.
    return !hasTrained && previousSummary ? previousSummary : summarize(history);
  } catch (error) {
    // An interrupted run stays, so that it can be resumed.
    if (!hasTrained && !resume && !signal?.aborted) await store.remove(RUN_FILES.run);
    throw error;
  } finally {
    disposeTrainedModel(model);
  }
}

function buildRunModel(
  { model: architecture, seed }: RunSettings,
  { images, build = (options) => buildModel(architecture, options) }: TrainOptions,
): tf.LayersModel {
  const { height, width, channels, classNames } = images;
  return build({ inputShape: [height, width, channels], classes: classNames.length, seed });
}

/** Tries smaller batches, each on a model of its own, when the memory is full. */
function memoryGuard(
  settings: RunSettings,
  {
    train,
    preprocessing,
    onWarning,
    ...options
  }: TrainOptions & {
    train: TrainingImages;
    preprocessing: Preprocessing;
    onWarning: (message: string) => void;
  },
): MemoryGuard {
  const step = async (batchSize: number) => {
    const model = buildRunModel(settings, options);
    try {
      compileClassifier(model, compileOptions(settings));
      await fit(model, {
        train: batchesOf(train, { batchSize }),
        preprocessing,
        epochs: 1,
        stepsPerEpoch: 1,
      });
    } finally {
      disposeTrainedModel(model);
    }
  };
  const { resume: isResumed = false } = options;
  return { batchSize: Math.min(settings.batchSize, train.count), step, onWarning, isResumed };
}

/** The data of a run and the settings that `fit` takes. */
function fitOptions(
  settings: RunSettings,
  { train, validation }: { train: TrainingImages; validation: TrainingImages },
): FitOptions {
  const { seed, batchSize, epochs, stepsPerEpoch, validateEvery, labelSmoothing, classWeights } = settings;
  return {
    train: augment(batchesOf(train, { batchSize, seed }), parseAugment(settings.augment), { seed }),
    validation: batchesOf(validation, { batchSize, shuffle: false }),
    epochs,
    stepsPerEpoch,
    validateEvery,
    labelSmoothing,
    classWeights,
  };
}

/** The order of the callbacks determines what a checkpoint holds: it must not change. */
function callbacksOf(
  settings: RunSettings,
  {
    store,
    onProgress,
    trainCount,
    metadata,
  }: Pick<TrainOptions, 'store' | 'onProgress'> & { trainCount: number; metadata: ModelMetadata },
): tf.CustomCallback[] {
  const { learningRate, epochs, batchSize, schedule, plateau, patience } = settings;
  const stepsPerEpoch = settings.stepsPerEpoch ?? Math.ceil(trainCount / batchSize);
  return [
    ...(schedule ? [parseSchedule(schedule, { learningRate, epochs, stepsPerEpoch })] : []),
    ...(plateau ? [reduceLROnPlateau(plateau)] : []),
    ...(patience === null ? [] : [earlyStopping({ patience, restoreBestWeights: true })]),
    saveBestModel(store, metadata),
    ...(onProgress ? [progress(onProgress)] : []),
  ];
}

/** Saves the model after every epoch that is the best so far, so that an interrupted run has one. */
const saveBestModel = (store: BlobStore, metadata: ModelMetadata) =>
  modelCheckpoint({
    path: RUN_FILES.model,
    saveBestOnly: true,
    save: (model) => saveModel(model, modelStore(store), metadata),
  });

/** `model.dispose` does not dispose the optimizer. */
function disposeTrainedModel(model: tf.LayersModel): void {
  const { optimizer } = model as { optimizer?: tf.Optimizer };
  if (optimizer) disposeOptimizer(optimizer);
  model.dispose();
}
