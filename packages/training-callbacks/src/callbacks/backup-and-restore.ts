import { expectStore } from '@convlens/storage';
import {
  expectModel,
  expectObject,
  expectOptions,
  InputError,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { BACKUP_VERSION, packBackup, unpackBackup, type Backup } from '../base/backup.js';
import { isDivergedEpoch } from '../base/diverged-epoch.js';
import type { Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { readOptimizerTensors, writeOptimizerTensors } from '../base/optimizer-tensors.js';
import { copyWeights, matchWeights, restoreWeights, savedNames } from '../base/weights.js';
import { getLearningRate, setLearningRate } from '../learning-rate.js';

export interface BackupAndRestoreOptions {
  /** Where the backup is saved. */
  readonly store: BlobStore;
  /** Its name in the store; default 'backup.bin'. */
  readonly path?: string;
  /** The callbacks whose state is part of the backup, such as earlyStopping; default none. */
  readonly callbacks?: readonly ResumableCallback[];
  /** Whether the backup is removed at the end of training; default true. */
  readonly deleteCheckpoint?: boolean;
}

const BACKUP_AND_RESTORE_OPTIONS: OptionNames<BackupAndRestoreOptions> = {
  store: true,
  path: true,
  callbacks: true,
  deleteCheckpoint: true,
};

class BackupAndRestore extends ModelCallback {
  /** The epoch to begin with, 0-based: pass it to `fit`. 0 if there was no backup. */
  readonly initialEpoch: number;
  readonly #options: Required<BackupAndRestoreOptions>;
  #callbackStates: Backup['callbacks'] | undefined;

  constructor(backup: Backup | undefined, options: Required<BackupAndRestoreOptions>) {
    super();
    this.initialEpoch = backup?.epochs ?? 0;
    this.#callbackStates = backup?.callbacks;
    this.#options = options;
  }

  protected reset(): void {
    // The callbacks before this one in the list were just reset. A second fit begins without their state.
    const states = this.#callbackStates;
    if (states) for (const callback of this.#options.callbacks) callback.setState(states[callback.stateName]);
    this.#callbackStates = undefined;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    // The backup before it remains.
    if (await isDivergedEpoch(this.model, logs)) return;
    const { store, path, callbacks } = this.#options;
    const { optimizer } = this.model;
    const backup: Backup = {
      version: BACKUP_VERSION,
      epochs: epoch + 1,
      learningRate: getLearningRate(optimizer),
      weights: await copyWeights(this.model),
      optimizerClass: optimizer.getClassName(),
      optimizer: await readOptimizerTensors(this.model),
      callbacks: Object.fromEntries(callbacks.map((callback) => [callback.stateName, callback.getState()])),
    };
    await store.write(path, await packBackup(backup));
  }

  override async onTrainEnd(): Promise<void> {
    const { store, path, deleteCheckpoint } = this.#options;
    if (deleteCheckpoint) await store.remove(path);
  }
}

export type { BackupAndRestore };

/**
 * A callback that saves a backup of the training after every epoch (Keras's BackupAndRestore). Await it
 * before `fit`: it restores the backup of an interrupted training at once (weights, optimizer, learning rate,
 * the state of `callbacks`), and `initialEpoch` is the epoch to continue with. Put it last in the list of
 * callbacks. Weights and the state of the optimizer are restored by the names of the weights, whichever layers
 * are frozen. A diverged epoch (a loss or a weight is not finite, or a cross-entropy is below 0) has no backup.
 *
 * The optimizer is saved by `getWeights` of TensorFlow.js, which is incomplete: Adam recomputes two factors
 * with other last digits, and the dropout and shuffle of TensorFlow.js have other random numbers. For an
 * exact resume use the checkpoints of `fit` in @convlens/training.
 *
 * @throws InputError (a rejection) for a model that is not compiled, an optimizer whose state TensorFlow.js
 * cannot read (Adamax), a damaged backup, a backup of another model, optimizer or list of callbacks, or two
 * callbacks whose state has one name.
 */
export async function backupAndRestore(
  model: tf.LayersModel,
  options: BackupAndRestoreOptions,
): Promise<BackupAndRestore> {
  expectOptions('backupAndRestore', options, BACKUP_AND_RESTORE_OPTIONS);
  expectModel('model', model);
  expectObject('the options of backupAndRestore', options);
  expectStore('store', options.store);
  const { store, path = 'backup.bin', callbacks = [], deleteCheckpoint = true } = options;
  if (!model.optimizer) throw new InputError('Expected a compiled model, got one without an optimizer');
  expectStateNames(callbacks);
  await readOptimizerTensors(model);
  const bytes = await store.read(path);
  const location = `${store.location}/${path}`;
  const backup = bytes && (await unpackBackup(bytes, location));
  if (backup) await restoreBackup(backup, { model, callbacks, location });
  return new BackupAndRestore(backup, { store, path, callbacks, deleteCheckpoint });
}

/** Each of two callbacks with one name would continue with the state of the other. */
function expectStateNames(callbacks: readonly ResumableCallback[]): void {
  const names = callbacks.map(({ stateName }) => stateName);
  const duplicates = [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
  if (duplicates.length > 0)
    throw new InputError(
      'Expected callbacks with different names of their state, got two with' +
        ` ${duplicates.map((name) => JSON.stringify(name)).join(' and two with ')}: monitor another metric,` +
        ' write to another path, or leave one out of the backup',
    );
}

async function restoreBackup(
  backup: Backup,
  {
    model,
    callbacks,
    location,
  }: { model: tf.LayersModel; callbacks: readonly ResumableCallback[]; location: string },
): Promise<void> {
  for (const { stateName } of callbacks)
    if (!backup.callbacks[stateName])
      throw new InputError(`Expected ${location} to hold the state of ${stateName}, found none`);
  const { optimizer } = model;
  const { weights } = backup;
  // Everything is checked before anything changes.
  matchWeights(weights, model);
  const { optimizerClass = optimizer.getClassName() } = backup;
  if (optimizerClass !== optimizer.getClassName())
    throw new InputError(
      `Expected ${location} to be a backup of the optimizer ${optimizer.getClassName()}, got one of another`,
    );
  const names = savedNames(weights, model);
  await writeOptimizerTensors(model, { saved: backup.optimizer, weights: names, location });
  restoreWeights(weights, model);
  setLearningRate(optimizer, backup.learningRate);
}
