import { expectStore } from '@convlens/storage';
import {
  expectObject,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type CallbackState,
  type MetricCallback,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { isDivergedEpoch } from '../base/diverged-epoch.js';
import { hasMetric, readMetric, readMetrics, type Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { parseTemplate } from '../base/python-format.js';
import { readBest } from '../base/read-best.js';
import { expectWritable, writeModel } from '../base/write-model.js';
import { createMonitor, type Monitor, type MonitorOptions } from '../monitor.js';

/** The argument of a caller's `save` function: what is saved, and when. */
export interface ModelCheckpointInfo {
  /** The path with its placeholders filled. */
  readonly path: string;
  readonly weightsOnly: boolean;
  /** 0-based. */
  readonly epoch: number;
  /** 0-based; undefined at the end of an epoch. */
  readonly batch?: number;
}

export interface ModelCheckpointOptions extends Omit<MonitorOptions, 'minDelta'> {
  /**
   * The model is written to the folder `path` in it: model.json and weights.bin, which tf.loadLayersModel
   * reads.
   */
  readonly store?: BlobStore;
  /** Saves the model in place of `store`. */
  readonly save?: (model: tf.LayersModel, info: ModelCheckpointInfo) => void | Promise<void>;
  /**
   * The path, with Python's placeholders: {epoch} and {batch}, counted from 1, and all logged metrics, such
   * as "{epoch:02d}-{val_loss:.2f}". Default 'checkpoint': every save replaces the one before.
   */
  readonly path?: string;
  /** The metric of the best model, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** Whether a model is saved only if it is better than all before; default false. */
  readonly saveBestOnly?: boolean;
  /**
   * Whether only the weights are saved: weights.bin and weights_manifest.json, which tf.io.loadWeights reads;
   * default false.
   */
  readonly saveWeightsOnly?: boolean;
  /**
   * 'epoch': at the end of each epoch; a number: after this number of batches, >= 1, counted across epochs.
   * Default 'epoch'.
   */
  readonly saveFreq?: 'epoch' | number;
  /** With saveBestOnly, the first model must be better than this value; default none. */
  readonly initialValueThreshold?: number;
}

const MODEL_CHECKPOINT_OPTIONS: OptionNames<ModelCheckpointOptions> = {
  mode: true,
  store: true,
  save: true,
  path: true,
  monitor: true,
  saveBestOnly: true,
  saveWeightsOnly: true,
  saveFreq: true,
  initialValueThreshold: true,
};

export type ModelCheckpointSettings = Required<
  Pick<ModelCheckpointOptions, 'save' | 'saveFreq' | 'saveWeightsOnly'>
> & {
  readonly fillPath: ReturnType<typeof parseTemplate>;
  /** With saveBestOnly. */
  readonly monitor?: Monitor;
  /** Whether every model replaces the one before: the path has no placeholders. */
  readonly replaces: boolean;
  /** Throws if the model cannot be saved. */
  readonly expectSavable: (model: tf.LayersModel) => void;
};

class ModelCheckpoint extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly #settings: ModelCheckpointSettings;
  #best: number | undefined;
  #epoch = 0;
  #lastBatch = 0;
  #batchesSinceSave = 0;

  constructor(path: string, { best, ...settings }: ModelCheckpointSettings & { readonly best?: number }) {
    super();
    this.stateName = `modelCheckpoint-${path}`;
    // Within an epoch there is no validation: Keras's rule for a metric that is not logged applies.
    this.monitors = settings.monitor && settings.saveFreq === 'epoch' ? [settings.monitor.name] : [];
    this.#settings = settings;
    this.#best = best;
  }

  /** The best value so far, over all fits; undefined if there is none. */
  get best(): number | undefined {
    return this.#best;
  }

  protected reset(): void {
    this.#settings.expectSavable(this.model);
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
  }

  override async onBatchEnd(batch: number, logs: Logs = {}): Promise<void> {
    const { saveFreq } = this.#settings;
    if (saveFreq !== 'epoch') {
      this.#batchesSinceSave += batch <= this.#lastBatch ? batch + 1 : batch - this.#lastBatch;
      this.#lastBatch = batch;
      if (this.#batchesSinceSave >= saveFreq) {
        this.#batchesSinceSave = 0;
        await this.#save(logs, { epoch: this.#epoch, batch });
      }
    }
    await super.onBatchEnd(batch, logs);
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    if (this.#settings.saveFreq === 'epoch') await this.#save(logs, { epoch });
  }

  async #save(logs: Logs, position: { readonly epoch: number; readonly batch?: number }): Promise<void> {
    const { fillPath, save, saveWeightsOnly } = this.#settings;
    if (position.batch === undefined && (await this.#lacksMetric(logs))) return;
    const counts: Record<string, number> = { epoch: position.epoch + 1 };
    if (position.batch !== undefined) counts.batch = position.batch + 1;
    const path = fillPath({ ...(await readMetrics(logs)), ...counts }, ['epoch', 'batch']);
    if (await this.#shouldSave(logs))
      await save(this.model, { path, weightsOnly: saveWeightsOnly, ...position });
  }

  /** Whether there is a best model, but this epoch has no validation to compare. */
  async #lacksMetric(logs: Logs): Promise<boolean> {
    const { monitor } = this.#settings;
    if (!monitor || this.#best === undefined || !hasMetric(this.declaredMetrics, monitor.name)) return false;
    return (await readMetric(logs, monitor.name)) === undefined;
  }

  async #shouldSave(logs: Logs): Promise<boolean> {
    const { monitor, replaces } = this.#settings;
    if ((monitor || replaces) && (await isDivergedEpoch(this.model, logs))) return false;
    const value = monitor && (await readMetric(logs, monitor.name));
    // As in Keras, a model that cannot be compared is saved.
    if (!monitor || value === undefined) return true;
    if (!monitor.isImprovement(value, this.#best)) return this.#best === undefined;
    this.#best = value;
    return true;
  }

  getState(): CallbackState {
    return { best: this.#best ?? null, lastBatch: this.#lastBatch, batchesSeen: this.#batchesSinceSave };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const lastBatch = expectInteger('state.lastBatch', state.lastBatch);
    this.#batchesSinceSave = expectInteger('state.batchesSeen', state.batchesSeen);
    this.#lastBatch = lastBatch;
    this.#best = best;
  }
}

export type { ModelCheckpoint };

/**
 * A callback that saves the model during training: Keras's ModelCheckpoint, with the same saves and names, to
 * a BlobStore in the TensorFlow.js layers format, or by a function of the caller. Weights are written first:
 * if model.json exists, so do the weights.
 *
 * With `saveBestOnly`: if the metric is not logged, every model is saved, as in Keras; `fit` of
 * @convlens/training refuses such a metric before training. An epoch without validation does not replace the
 * best model, and a diverged one (a loss or a weight is not finite, or a cross-entropy is below 0) is not saved. Until there
 * is a best value every other model is saved. `best` is not reset by another fit.
 *
 * Without `saveBestOnly`, a diverged model is saved only under a path of its own: it does not replace the one before.
 *
 * @throws InputError if an option or the template is not valid; when training begins if two weights of the model
 * have one name in the files of TensorFlow.js; in training if the template names a metric that is not logged.
 */
export function modelCheckpoint(options: ModelCheckpointOptions): ModelCheckpoint {
  expectOptions('modelCheckpoint', options, MODEL_CHECKPOINT_OPTIONS);
  expectObject('the options of modelCheckpoint', options);
  const { store, save, path = 'checkpoint', monitor = 'val_loss', mode = 'auto' } = options;
  const {
    saveBestOnly = false,
    saveWeightsOnly = false,
    saveFreq = 'epoch',
    initialValueThreshold,
  } = options;
  if (store !== undefined) expectStore('store', store);
  if (!store === !save) throw new InputError('Expected store or save, and not both');
  if (typeof saveFreq === 'number') expectInteger('saveFreq', saveFreq, { min: 1 });
  else if (saveFreq !== 'epoch')
    throw new InputError(
      `Expected saveFreq to be "epoch" or an integer >= 1, got ${JSON.stringify(saveFreq)}`,
    );
  if (initialValueThreshold !== undefined) expectNumber('initialValueThreshold', initialValueThreshold);
  return new ModelCheckpoint(path, {
    fillPath: parseTemplate('path', path),
    replaces: !path.includes('{'),
    save: save ?? ((model, { path, weightsOnly }) => writeModel(model, { store: store!, path, weightsOnly })),
    expectSavable: save ? () => {} : expectWritable,
    saveFreq,
    saveWeightsOnly,
    monitor: saveBestOnly ? createMonitor(monitor, { mode }) : undefined,
    best: initialValueThreshold,
  });
}
