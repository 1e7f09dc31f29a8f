import {
  expectInteger,
  expectNumber,
  InputError,
  type CallbackState,
  type MetricCallback,
  type ResumableCallback,
} from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { hasMetric, readLog, readLogs, type Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';
import { parseMonitor, type Monitor, type MonitorOptions } from './monitor.js';
import { parseTemplate } from './python-format.js';
import { readBest } from './state.js';
import { writeModel } from './write-model.js';

/** What is to be saved, and when: handed to a `save` function of the caller's. */
export interface ModelToSave {
  /** The template, filled. */
  readonly path: string;
  readonly weightsOnly: boolean;
  /** 0-based. */
  readonly epoch: number;
  /** 0-based; undefined at the end of an epoch. */
  readonly batch?: number;
}

export interface ModelCheckpointOptions extends Omit<MonitorOptions, 'minDelta'> {
  /** Where the model is written, into a folder of that path: model.json and weights.bin, as tf.loadLayersModel reads them. */
  readonly store?: BlobStore;
  /** Saves the model itself, in place of `store`. */
  readonly save?: (model: tf.LayersModel, what: ModelToSave) => void | Promise<void>;
  /**
   * Where, with Python's placeholders: {epoch} and {batch}, counted from 1, and whatever is logged, such as
   * "{epoch:02d}-{val_loss:.2f}". Default 'checkpoint': always the same place.
   */
  readonly path?: string;
  /** The metric that decides which is best, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** Whether only a model that is better than all before is saved; default false. */
  readonly saveBestOnly?: boolean;
  /** Whether only the weights are saved: weights.bin and weights_manifest.json, as tf.io.loadWeights reads them; default false. */
  readonly saveWeightsOnly?: boolean;
  /** 'epoch' (default): at the end of each; or after every so many batches, >= 1, counted across epochs. */
  readonly saveFreq?: 'epoch' | number;
  /** With saveBestOnly, what the first model must be better than; default none. */
  readonly initialValueThreshold?: number;
}

type Settings = Required<Pick<ModelCheckpointOptions, 'save' | 'saveFreq' | 'saveWeightsOnly'>> & {
  readonly fillPath: ReturnType<typeof parseTemplate>;
  /** With saveBestOnly. */
  readonly monitor?: Monitor;
};

class ModelCheckpoint extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly #settings: Settings;
  #best: number | undefined;
  #epoch = 0;
  #lastBatch = 0;
  #batchesSeen = 0;

  constructor(path: string, { best, ...settings }: Settings & { readonly best?: number }) {
    super();
    this.stateName = `modelCheckpoint-${path}`;
    // Within an epoch nothing is validated: there Keras's rule for a metric that is not logged holds.
    this.monitors = settings.monitor && settings.saveFreq === 'epoch' ? [settings.monitor.name] : [];
    this.#settings = settings;
    this.#best = best;
  }

  /** The best value so far, of all fits together; undefined while there is none. */
  get best(): number | undefined {
    return this.#best;
  }

  protected reset(): void {}

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
  }

  override async onBatchEnd(batch: number, logs: Logs = {}): Promise<void> {
    const { saveFreq } = this.#settings;
    if (saveFreq !== 'epoch') {
      this.#batchesSeen += batch <= this.#lastBatch ? batch + 1 : batch - this.#lastBatch;
      this.#lastBatch = batch;
      if (this.#batchesSeen >= saveFreq) {
        this.#batchesSeen = 0;
        await this.#save(logs, { epoch: this.#epoch, batch });
      }
    }
    await super.onBatchEnd(batch, logs);
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    if (this.#settings.saveFreq === 'epoch') await this.#save(logs, { epoch });
  }

  async #save(logs: Logs, place: { readonly epoch: number; readonly batch?: number }): Promise<void> {
    const { fillPath, save, saveWeightsOnly } = this.#settings;
    if (place.batch === undefined && (await this.#isUnmeasured(logs))) return;
    const counts: Record<string, number> = { epoch: place.epoch + 1 };
    if (place.batch !== undefined) counts.batch = place.batch + 1;
    const path = fillPath({ ...(await readLogs(logs)), ...counts }, ['epoch', 'batch']);
    if (await this.#isWanted(logs)) await save(this.model, { path, weightsOnly: saveWeightsOnly, ...place });
  }

  /** Whether there is a best model, and an epoch without validation to compare with it. */
  async #isUnmeasured(logs: Logs): Promise<boolean> {
    const { monitor } = this.#settings;
    if (!monitor || this.#best === undefined || !hasMetric(this.announced, monitor.name)) return false;
    return (await readLog(logs, monitor.name)) === undefined;
  }

  async #isWanted(logs: Logs): Promise<boolean> {
    const { monitor } = this.#settings;
    const value = monitor && (await readLog(logs, monitor.name));
    // As in Keras: where nothing can be compared, rather one model too many than none.
    if (!monitor || value === undefined) return true;
    const isFirst = this.#best === undefined;
    if (!monitor.improves(value, this.#best)) return isFirst;
    this.#best = value;
    return true;
  }

  getState(): CallbackState {
    return { best: this.#best ?? null, lastBatch: this.#lastBatch, batchesSeen: this.#batchesSeen };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const lastBatch = expectInteger('state.lastBatch', state.lastBatch);
    this.#batchesSeen = expectInteger('state.batchesSeen', state.batchesSeen);
    this.#lastBatch = lastBatch;
    this.#best = best;
  }
}

export type { ModelCheckpoint };

/**
 * A callback that saves the model while it trains: Keras's ModelCheckpoint, save by save and name by name, into a
 * BlobStore in the TensorFlow.js layers format, or by a function of the caller's. A store gets the weights first, so that
 * where model.json is there they are too.
 *
 * With `saveBestOnly`: a metric that is not logged lets every model be saved, as in Keras, but `fit` of
 * @convlens/training, which knows what will be logged, refuses it before it trains; in an epoch that a fit does not
 * validate no model takes the place of the best; `best` is never NaN (see `parseMonitor`), and until there is a best
 * every model is saved; `best` is kept from one fit to the next.
 *
 * Throws an InputError for an option out of range and a template that cannot be read, and when a template names what is
 * not logged.
 */
export function modelCheckpoint({
  store,
  save,
  path = 'checkpoint',
  monitor = 'val_loss',
  mode = 'auto',
  saveBestOnly = false,
  saveWeightsOnly = false,
  saveFreq = 'epoch',
  initialValueThreshold,
}: ModelCheckpointOptions): ModelCheckpoint {
  if (!store === !save) throw new InputError('Expected store or save, and not both');
  if (typeof saveFreq === 'number') expectInteger('saveFreq', saveFreq, { min: 1 });
  else if (saveFreq !== 'epoch')
    throw new InputError(
      `Expected saveFreq to be "epoch" or an integer >= 1, got ${JSON.stringify(saveFreq)}`,
    );
  if (initialValueThreshold !== undefined) expectNumber('initialValueThreshold', initialValueThreshold);
  return new ModelCheckpoint(path, {
    fillPath: parseTemplate('path', path),
    save: save ?? ((model, what) => writeModel(model, { store: store!, ...what })),
    saveFreq,
    saveWeightsOnly,
    monitor: saveBestOnly ? parseMonitor(monitor, { mode }) : undefined,
    best: initialValueThreshold,
  });
}
