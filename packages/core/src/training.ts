import type { Evaluation } from './evaluation.js';

/** One epoch of a training run. */
export interface EpochRecord {
  /** 0-based. */
  readonly epoch: number;
  /** The rate this epoch was trained with. */
  readonly learningRate: number;
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly seconds: number;
  /** Anything else that was measured. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A run and what came of it: what summary.json of a run folder holds. */
export interface TrainingRun {
  readonly name: string;
  readonly model: string;
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept, 0-based. */
  readonly bestEpoch: number;
  readonly evaluation?: Evaluation;
}

/** What a callback must remember to go on after a restart. Numbers may be Infinity or NaN. */
export type CallbackState = Readonly<Record<string, number | string | boolean | null | Float32Array>>;

/** A callback whose memory travels in a checkpoint. */
export interface ResumableCallback {
  /** Under which its state is filed; two callbacks of one run have two names. */
  readonly stateName: string;
  getState(): CallbackState;
  setState(state: CallbackState): void;
}

/** A callback that says which metrics it has to do with, so that a name that does not exist is seen before the training. */
export interface MetricCallback {
  /** Those it needs in the logs of an epoch. */
  readonly monitors?: readonly string[];
  /** Those it adds to the logs of an epoch. */
  readonly logs?: readonly string[];
}

/** A layer whose randomness is a function of the place in the run: `fit` tells it where it is before each batch. */
export interface SteppedLayer {
  setStep(epoch: number, step: number): void;
}
