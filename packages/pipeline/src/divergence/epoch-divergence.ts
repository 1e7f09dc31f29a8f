import { expectFields, divergenceOf, type EpochRecord } from '@convlens/core';

/** Why an epoch of a run is diverged; undefined if it is not. The loss of every run is a cross-entropy. */
export function epochDivergence(record: EpochRecord): string | undefined {
  expectFields('EpochRecord', 'record', record, { epoch: 'number' });
  return divergenceOf(record, { isCrossEntropy: true });
}
