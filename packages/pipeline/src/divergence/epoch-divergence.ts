import { divergenceOf, type EpochRecord } from '@convlens/core';

/** Why an epoch of a run is diverged; undefined if it is not. The loss of every run is a cross-entropy. */
export const epochDivergence = (record: EpochRecord): string | undefined =>
  divergenceOf(record, { isCrossEntropy: true });
