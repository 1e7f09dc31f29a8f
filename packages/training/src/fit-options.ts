import type { BatchSource, EpochRecord, OptionNames, Preprocessing } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { Checkpoints } from './checkpoints/checkpoints.js';
import { TARGET_OPTIONS, type TargetOptions } from './targets.js';

export interface FitOptions extends TargetOptions {
  /** The batches of each pass over the data, with labels or soft targets. */
  train: BatchSource;
  /** The batches that are evaluated after an epoch (always those of pass 0). */
  validation?: BatchSource;
  /** The number of epochs of the whole run, including those before a resume, >= 1. */
  epochs: number;
  /**
   * The number of batches of an epoch, >= 1. An epoch continues where the last one ended, over as many passes
   * as needed: to validate every 1,000 steps, set it to 1,000. Default: an epoch is a pass.
   */
  stepsPerEpoch?: number;
  /**
   * The number of epochs between validations, >= 1 (Keras's validation_freq). Callbacks that monitor a
   * validation metric ignore the epochs without validation. Default 1.
   */
  validateEvery?: number;
  /** Called in this order. The state of a `ResumableCallback` is saved in checkpoints. */
  callbacks?: tf.CustomCallback[];
  /** From pixels to model inputs. Default UNIT_RANGE: [0, 1]. */
  preprocessing?: Preprocessing;
  /** Called with the history so far after every epoch, before its checkpoint. */
  onEpoch?: (history: readonly EpochRecord[]) => void | Promise<void>;
  /** Where checkpoints are saved after every epoch; without `resume` there must be none. */
  checkpoints?: Checkpoints;
  /**
   * Whether to continue from the newest checkpoint, if there is one. A run that a callback stopped is
   * complete and is not continued. Default false.
   */
  resume?: boolean;
  /** Called with a message for each corrupt checkpoint that is skipped. */
  onCorruptCheckpoint?: (message: string) => void;
  /** Stops within a batch; complete epochs are in the checkpoints. */
  signal?: AbortSignal;
}

export const FIT_OPTIONS: OptionNames<FitOptions> = {
  ...TARGET_OPTIONS,
  train: true,
  validation: true,
  epochs: true,
  stepsPerEpoch: true,
  validateEvery: true,
  callbacks: true,
  preprocessing: true,
  onEpoch: true,
  checkpoints: true,
  resume: true,
  onCorruptCheckpoint: true,
  signal: true,
};
