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

/** A fall of the learning rate between two epochs. */
export interface LearningRateCut {
  /** The first epoch with the lower rate, 0-based. */
  readonly epoch: number;
  readonly learningRate: number;
}

/** A fall of less than 1% belongs to a schedule that decays in every epoch. */
const SMALLEST_CUT = 0.99;
/** More falls than this, in more than half of the epochs, belong to such a schedule too. */
const MOST_CUTS = 8;

/** Where the learning rate was cut, by reduceLROnPlateau or by a step schedule; empty for a rate that decays all the time. */
export function learningRateCuts(history: readonly EpochRecord[]): LearningRateCut[] {
  const cuts = history.filter(
    ({ learningRate }, i) => i > 0 && learningRate < history[i - 1].learningRate * SMALLEST_CUT,
  );
  return cuts.length > Math.max(MOST_CUTS, history.length / 2) ? [] : cuts;
}

/**
 * The epoch with the lowest validation loss: its weights are the ones that a run keeps. Losses are compared in float32, as
 * callbacks compare them; of equal ones the earlier wins. A loss that is not finite is never the lowest. Undefined if no
 * epoch has a finite validation loss.
 */
export function bestEpochOf(history: readonly EpochRecord[]): EpochRecord | undefined {
  const lossOf = ({ valLoss }: EpochRecord) => Math.fround(valLoss!);
  return history
    .filter(({ valLoss }) => Number.isFinite(valLoss))
    .reduce<EpochRecord | undefined>(
      (best, record) => (best === undefined || lossOf(record) < lossOf(best) ? record : best),
      undefined,
    );
}
