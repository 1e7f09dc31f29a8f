import { expectFields } from '../guards/fields.js';
import { expectList } from '../guards/values.js';
import { divergenceOf } from './divergence.js';
import type { Evaluation } from './evaluation.js';

/** One epoch of a training run. */
export interface EpochRecord {
  /** 0-based. */
  readonly epoch: number;
  /** The learning rate of this epoch. */
  readonly learningRate: number;
  /** The mean loss of the training images. */
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  /** The mean loss of the validation images. */
  readonly valLoss?: number;
  /** Of the validation images, 0 to 1. */
  readonly valAccuracy?: number;
  /** The duration of the epoch, in seconds. */
  readonly seconds: number;
  /** Other metrics. */
  readonly metrics: Readonly<Record<string, number>>;
  /**
   * Why the epoch is diverged, such as "loss NaN" or "weight dense/kernel Infinity"; undefined if it is not
   * (`divergenceOf`).
   */
  readonly diverged?: string;
}

/** A run and its results: the content of summary.json in a run folder. */
export interface TrainingRun {
  /** The name of the run. */
  readonly name: string;
  /** The name of the architecture. */
  readonly model: string;
  /** One record per epoch. */
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept (`bestEpochOf`), 0-based. */
  readonly bestEpoch: number;
  /** On the test images. */
  readonly evaluation?: Evaluation;
}

/** A reduction of the learning rate between two epochs. */
export interface LearningRateCut {
  /** The epoch at whose end the rate was reduced, 0-based. */
  readonly epoch: number;
  /** The learning rate before it. */
  readonly from: number;
  /** The learning rate after it. */
  readonly to: number;
}

function expectHistory(history: readonly EpochRecord[]): void {
  expectList('history', history, (name, record) =>
    expectFields('EpochRecord', name, record, { epoch: 'number' }),
  );
}

/** A reduction of less than 1% belongs to a schedule that decays in every epoch. */
const LARGEST_RATIO = 0.99;
/** More reductions than this, in more than half of the epochs, belong to such a schedule too. */
const MOST_CUTS = 8;

/** Where the learning rate was cut, by ReduceLROnPlateau or by a step schedule; empty for a rate that decays all the time. */
export function learningRateCuts(history: readonly EpochRecord[]): LearningRateCut[] {
  expectHistory(history);
  const cuts = history.slice(1).flatMap(({ learningRate: to }, i) => {
    const { epoch, learningRate: from } = history[i];
    return to < from * LARGEST_RATIO ? [{ epoch, from, to }] : [];
  });
  return cuts.length > Math.max(MOST_CUTS, history.length / 2) ? [] : cuts;
}

/**
 * The epoch with the lowest validation loss: its weights are the ones that a run keeps. Losses are compared in float32, as
 * callbacks compare them; of equal ones the earlier wins. A diverged epoch (`divergenceOf`) is never the best. Undefined if no
 * other epoch has a validation loss.
 */
export function bestEpochOf(history: readonly EpochRecord[]): EpochRecord | undefined {
  expectHistory(history);
  const lossOf = ({ valLoss }: EpochRecord) => Math.fround(valLoss!);
  return history
    .filter((record) => Number.isFinite(record.valLoss) && divergenceOf(record) === undefined)
    .reduce<EpochRecord | undefined>(
      (best, record) => (best === undefined || lossOf(record) < lossOf(best) ? record : best),
      undefined,
    );
}
