import {
  expectInteger,
  expectOptions,
  InputError,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { packBackup, unpackBackup, type Backup, type OptimizerTensor } from '../base/backup.js';
import { ModelCallback } from '../base/model-callback.js';
import { copyWeights, restoreWeights } from '../base/weights.js';
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

  override async onEpochEnd(epoch: number): Promise<void> {
    const { store, path, callbacks } = this.#options;
    const { optimizer } = this.model;
    const backup: Backup = {
      epochs: epoch + 1,
      learningRate: getLearningRate(optimizer),
      weights: await copyWeights(this.model),
      optimizer: await readOptimizerTensors(optimizer),
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
 * callbacks.
 *
 * The optimizer is saved by `getWeights` of TensorFlow.js, which is incomplete: Adam recomputes two factors
 * with other last digits, and the dropout and shuffle of TensorFlow.js have other random numbers. For an
 * exact resume use the checkpoints of `fit` in @convlens/training.
 *
 * @throws InputError (a rejection) for a model that is not compiled, an optimizer whose state TensorFlow.js
 * cannot read (Adamax), a damaged backup, or a backup of another model, optimizer or list of callbacks.
 */
export async function backupAndRestore(
  model: tf.LayersModel,
  options: BackupAndRestoreOptions,
): Promise<BackupAndRestore> {
  expectOptions('backupAndRestore', options, BACKUP_AND_RESTORE_OPTIONS);
  const { store, path = 'backup.bin', callbacks = [], deleteCheckpoint = true } = options;
  if (!model.optimizer) throw new InputError('Expected a compiled model, got one without an optimizer');
  const current = await readOptimizerTensors(model.optimizer);
  const bytes = await store.read(path);
  const location = `${store.location}/${path}`;
  const backup = bytes && (await unpackBackup(bytes, location));
  if (backup) {
    for (const { stateName } of callbacks)
      if (!backup.callbacks[stateName])
        throw new InputError(`Expected ${location} to hold the state of ${stateName}, found none`);
    expectInteger('epochs of the backup', backup.epochs, { min: 1 });
    restoreWeights(backup.weights, model);
    await writeOptimizerTensors(model.optimizer, {
      saved: backup.optimizer,
      slots: current.length - 1,
      location,
    });
    setLearningRate(model.optimizer, backup.learningRate);
  }
  return new BackupAndRestore(backup, { store, path, callbacks, deleteCheckpoint });
}

/** The result of `getWeights` of an optimizer, as typed arrays. */
async function readOptimizerTensors(optimizer: tf.Optimizer): Promise<OptimizerTensor[]> {
  const weights = await optimizer.getWeights().catch(() => {
    throw new InputError(
      `Expected an optimizer whose state TensorFlow.js can read, got ${optimizer.getClassName()}`,
    );
  });
  const read = async ({ name, tensor }: { name: string; tensor: tf.Tensor }): Promise<OptimizerTensor> => {
    const values = Float32Array.from(await tensor.data());
    // `getWeights` creates the tensor of the step count; the others belong to the optimizer.
    if (!(tensor instanceof tf.Variable)) tensor.dispose();
    return { name, shape: tensor.shape, values };
  };
  return Promise.all((weights as { name: string; tensor: tf.Tensor }[]).map(read));
}

async function writeOptimizerTensors(
  optimizer: tf.Optimizer,
  { saved, slots, location }: { saved: readonly OptimizerTensor[]; slots: number; location: string },
): Promise<void> {
  const replaced = slots > 0 ? ((await optimizer.getWeights()) as { tensor: tf.Tensor }[]) : [];
  const tensors = saved.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, [...shape]) }));
  try {
    await optimizer.setWeights(tensors as never);
  } catch {
    throw new InputError(
      `Expected ${location} to be a backup of the optimizer ${optimizer.getClassName()}, got one of another`,
    );
  } finally {
    tf.dispose(tensors.map(({ tensor }) => tensor));
  }
  tf.dispose(replaced.map(({ tensor }) => tensor));
}
