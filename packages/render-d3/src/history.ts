import type { EpochRecord } from '@convlens/core';

/** The first epoch that was trained with a lower rate than the one before. */
export interface LearningRateCut {
  /** 0-based. */
  readonly epoch: number;
  readonly learningRate: number;
}

/** Falls of less than a hundredth are a schedule that decays all the time, not cuts. */
const SMALLEST_CUT = 0.99;

export const learningRateCuts = (history: readonly EpochRecord[]): LearningRateCut[] =>
  history.filter(({ learningRate }, i) => i > 0 && learningRate < history[i - 1].learningRate * SMALLEST_CUT);

/** The epoch of the lowest validation loss, the earlier of equal ones; undefined without validation. */
export function bestEpochOf(history: readonly EpochRecord[]): number | undefined {
  let best: EpochRecord | undefined;
  for (const record of history)
    if (Number.isFinite(record.valLoss) && !(record.valLoss! >= (best?.valLoss ?? Infinity))) best = record;
  return best?.epoch;
}
