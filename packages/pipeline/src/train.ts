import { augment, parseAugment } from '@convlens/augment';
import {
  InputError,
  UNIT_RANGE,
  type BlobStore,
  type EpochRecord,
  type ImageSet,
  type ResumableCallback,
} from '@convlens/core';
import { batches, parseSplit, split } from '@convlens/image-set';
import { buildModel, saveModel, type ModelMetadata, type ModelOptions } from '@convlens/models';
import { compileClassifier, fit, openCheckpoints } from '@convlens/training';
import {
  earlyStopping,
  progress,
  reduceLROnPlateau,
  type TrainingProgress,
} from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
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
import { expectSettings } from './settings.js';

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
 * Trains as the description says, into a run folder: run.json first, then after every epoch the history, a checkpoint, and
 * the model if the epoch is the best yet; at the end summary.json.
 */
export async function trainRun(description: RunDescription, options: TrainOptions): Promise<RunSummary> {
  const { store, images, resume = false, signal, onProgress, onNotice } = options;
  const settings = expectSettings(description.settings);
  const { model: name, seed, batchSize, epochs, patience, plateau } = settings;
  const { taken: validation, rest: train } = split(images, { ...parseSplit(settings.validation), seed });
  if (validation.count === 0 || train.count === 0)
    throw new InputError(
      `Expected images to train on and images to validate on, got ${train.count} and ${validation.count} (limit, validation)`,
    );
  await expectFree(store, resume);

  const shape: [number, number, number] = [images.height, images.width, images.channels];
  const build = options.build ?? ((modelOptions: ModelOptions) => buildModel(name, modelOptions));
  const model = build({ inputShape: shape, classes: images.classNames.length, seed });
  try {
    expectFits(model, images);
    compileClassifier(model, settings);
    await writeJson(store, names.run, description);
    const keep = new KeepBest(store, { preprocessing: UNIT_RANGE, classNames: images.classNames });
    const history = await fit(model, {
      train: augment(
        batches(train, { batchSize, seed }),
        settings.augment ? parseAugment(settings.augment) : [],
        { seed },
      ),
      validation: batches(validation, { batchSize, shuffle: false }),
      epochs,
      callbacks: [
        ...(plateau ? [reduceLROnPlateau({ ...plateau, onReduce: undefined })] : []),
        ...(patience === null ? [] : [earlyStopping({ patience, restoreBestWeights: true })]),
        keep,
        ...(onProgress ? [progress(onProgress)] : []),
      ],
      onEpoch: (records) => writeHistory(store, records),
      checkpoints: openCheckpoints(checkpointStore(store)),
      resume,
      onRefused: onNotice,
      signal,
    });
    await writeHistory(store, history);
    const summary: RunSummary = {
      model: name,
      parameters: model.countParams(),
      classNames: images.classNames,
      epochs: history.length,
      epochsAsked: epochs,
      best: bestOf(history),
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    };
    await writeJson(store, names.summary, summary);
    return summary;
  } finally {
    // Through a model of another kind the optimizer would stay.
    (model.optimizer as tf.Optimizer | undefined)?.dispose();
    model.dispose();
  }
}

/** The epoch of the lowest validation loss; of equal ones the earlier. */
export function bestOf(history: readonly EpochRecord[]): EpochRecord {
  return history.reduce((best, record) => (record.valLoss! < best.valLoss! ? record : best));
}

/** A model of the caller's own is checked before anything is written. */
function expectFits(model: tf.LayersModel, { height, width, channels, classNames }: ImageSet): void {
  const [, ...reads] = model.inputs[0].shape;
  const gets = [height, width, channels];
  if (reads.length !== 3 || reads.some((size, i) => size !== null && size !== gets[i]))
    throw new InputError(
      `Expected a model that reads images of ${gets.join(' x ')}, got one that reads ${reads.join(' x ')}`,
    );
  const units = model.outputs[0].shape.at(-1);
  if (units !== classNames.length)
    throw new InputError(`Expected a model with ${classNames.length} outputs, one a class, got ${units}`);
}

async function expectFree(store: BlobStore, resume: boolean): Promise<void> {
  if (resume) return void (await readRun(store));
  if (await store.read(names.run))
    throw new InputError(
      `Expected an empty run folder, found a run in ${store.location}: resume it or choose another`,
    );
}

async function writeHistory(store: BlobStore, history: readonly EpochRecord[]): Promise<void> {
  await writeJson(store, names.history, history);
  await store.write(names.historyTable, new TextEncoder().encode(historyTable(history)));
}

/** Saves the model after every epoch that is the best yet, so that an interrupted run has one. */
class KeepBest extends tf.CustomCallback implements ResumableCallback {
  readonly stateName = 'keepBest';
  private best = Infinity;
  private model!: tf.LayersModel;

  constructor(
    private readonly store: BlobStore,
    private readonly metadata: ModelMetadata,
  ) {
    super({ onEpochEnd: () => {} });
  }

  override setModel(model: unknown): void {
    this.model = model as tf.LayersModel;
  }

  override async onEpochEnd(epoch: number, logs: tf.Logs = {}): Promise<void> {
    // A first epoch whose loss is NaN is still better than no model.
    if (epoch > 0 && !(logs.val_loss < this.best)) return;
    this.best = Number.isNaN(logs.val_loss) ? Infinity : logs.val_loss;
    await saveModel(this.model, modelStore(this.store), this.metadata);
  }

  getState = () => ({ best: this.best });
  setState = ({ best }: { readonly best?: unknown }) => void (this.best = best as number);
}
