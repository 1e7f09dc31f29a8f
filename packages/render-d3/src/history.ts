import type { EpochRecord } from '@convlens/core';

/** The first epoch that was trained with a lower rate than the one before. */
export interface LearningRateCut {
  /** 0-based. */
  readonly epoch: number;
  readonly learningRate: number;
}

/** Falls of less than a hundredth are a schedule that decays all the time, not cuts. */
const SMALLEST_CUT = 0.99;
/** More falls than that, at more than half of the epochs, are such a schedule too: a cosine, a warm-up and its end. */
const MOST_CUTS = 8;

export function learningRateCuts(history: readonly EpochRecord[]): LearningRateCut[] {
  const cuts = history.filter(
    ({ learningRate }, i) => i > 0 && learningRate < history[i - 1].learningRate * SMALLEST_CUT,
  );
  return cuts.length > Math.max(MOST_CUTS, history.length / 2) ? [] : cuts;
}

/** The epoch of the lowest validation loss, the earlier of equal ones; undefined without validation. */
export function bestEpochOf(history: readonly EpochRecord[]): number | undefined {
  let best: EpochRecord | undefined;
  for (const record of history)
    if (Number.isFinite(record.valLoss) && !(record.valLoss! >= (best?.valLoss ?? Infinity))) best = record;
  return best?.epoch;
}
