import { expectInteger, InputError, type ResumableCallback } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { packBackup, unpackBackup, type Backup, type SavedTensor } from './backup.js';
import { getLearningRate, setLearningRate } from './learning-rate.js';
import { ModelCallback } from './model-callback.js';
import { copyWeights, restoreWeights } from './weights.js';

export interface BackupAndRestoreOptions {
  /** Where the backup is kept. */
  readonly store: BlobStore;
  /** Its name there; default 'backup.bin'. */
  readonly path?: string;
  /** The callbacks of the fit whose memory belongs to the backup, such as earlyStopping's; default none. */
  readonly callbacks?: readonly ResumableCallback[];
  /** Whether the backup is removed when training ends by itself; default true. */
  readonly deleteAtEnd?: boolean;
}

class BackupAndRestore extends ModelCallback {
  /** The epoch to begin with, 0-based: pass it to `fit`. 0 where there was nothing to restore. */
  readonly initialEpoch: number;
  readonly #options: Required<BackupAndRestoreOptions>;
  #states: Backup['callbacks'] | undefined;

  constructor(backup: Backup | undefined, options: Required<BackupAndRestoreOptions>) {
    super();
    this.initialEpoch = backup?.epochs ?? 0;
    this.#states = backup?.callbacks;
    this.#options = options;
  }

  protected reset(): void {
    // The callbacks before this one in the list have just forgotten all; a second fit begins afresh.
    for (const callback of this.#states ? this.#options.callbacks : [])
      callback.setState(this.#states![callback.stateName]);
    this.#states = undefined;
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    const { store, path, callbacks } = this.#options;
    const { optimizer } = this.model;
    const backup: Backup = {
      epochs: epoch + 1,
      learningRate: getLearningRate(optimizer),
      weights: await copyWeights(this.model),
      optimizer: await readOptimizer(optimizer),
      callbacks: Object.fromEntries(callbacks.map((callback) => [callback.stateName, callback.getState()])),
    };
    await store.write(path, await packBackup(backup));
  }

  override async onTrainEnd(): Promise<void> {
    const { store, path, deleteAtEnd } = this.#options;
    if (deleteAtEnd) await store.remove(path);
  }
}

export type { BackupAndRestore };

/**
 * A callback that keeps a backup of the training after every epoch: Keras's BackupAndRestore. It is made before the fit,
 * restores what an interrupted fit left (weights, optimizer, learning rate, the memory of `callbacks`) at once, and says
 * in `initialEpoch` where to go on. Put it last in the list of callbacks.
 *
 * It saves the optimizer by getWeights of TensorFlow.js, which does not hold all: Adam computes two factors anew, to other
 * last digits, and a stock dropout or shuffle draws other numbers. A run that goes on bit for bit is what the checkpoints
 * of `fit` in @convlens/training are for.
 *
 * Throws an InputError for a model that is not compiled, an optimizer whose state TensorFlow.js cannot read (Adamax), a
 * damaged backup, and one of another model, optimizer or list of callbacks.
 */
export async function backupAndRestore(
  model: tf.LayersModel,
  { store, path = 'backup.bin', callbacks = [], deleteAtEnd = true }: BackupAndRestoreOptions,
): Promise<BackupAndRestore> {
  if (!model.optimizer) throw new InputError('Expected a compiled model, got one without an optimizer');
  const current = await readOptimizer(model.optimizer);
  const bytes = await store.read(path);
  const location = `${store.location}/${path}`;
  const backup = bytes && (await unpackBackup(bytes, location));
  if (backup) {
    for (const { stateName } of callbacks)
      if (!backup.callbacks[stateName])
        throw new InputError(`Expected ${location} to hold the state of ${stateName}, found none`);
    expectInteger('epochs of the backup', backup.epochs, { min: 1 });
    restoreWeights(backup.weights, model);
    await restoreOptimizer(model.optimizer, { saved: backup.optimizer, slots: current.length - 1, location });
    setLearningRate(model.optimizer, backup.learningRate);
  }
  return new BackupAndRestore(backup, { store, path, callbacks, deleteAtEnd });
}

/** What `getWeights` of the optimizer gives, outside TensorFlow.js. */
async function readOptimizer(optimizer: tf.Optimizer): Promise<SavedTensor[]> {
  const weights = await optimizer.getWeights().catch(() => {
    throw new InputError(
      `Expected an optimizer whose state TensorFlow.js can read, got ${optimizer.getClassName()}`,
    );
  });
  const read = async ({ name, tensor }: { name: string; tensor: tf.Tensor }): Promise<SavedTensor> => {
    const values = Float32Array.from(await tensor.data());
    // The count of steps is made for us; all else is the optimizer's own.
    if (!(tensor instanceof tf.Variable)) tensor.dispose();
    return { name, shape: tensor.shape, values };
  };
  return Promise.all((weights as { name: string; tensor: tf.Tensor }[]).map(read));
}

async function restoreOptimizer(
  optimizer: tf.Optimizer,
  { saved, slots, location }: { saved: readonly SavedTensor[]; slots: number; location: string },
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
