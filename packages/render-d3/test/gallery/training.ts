import { runComparison, trainingCurves } from '../../src/index.js';
import { makeRuns } from '../support/method-records.js';
import { makeHistory } from '../support/records.js';
import { casesOf } from './cases.js';
import { LONG, PHONE } from './fixtures.js';

const TEST = { testAccuracy: 0.8498, testLoss: 0.4496 };

export const TRAINING_CASES = [
  casesOf(trainingCurves)({
    default: () => [makeHistory(), TEST],
    'before-the-first-epoch': () => [[]],
    'one-epoch': () => [makeHistory().slice(0, 1), TEST],
    'without-validation': () => [makeHistory({ epochs: 4, validation: false })],
    'close-cuts': () => [makeHistory({ epochs: 50, cuts: [10, 11, 12, 48, 49] })],
    diverged: () => [
      makeHistory({ epochs: 12 }).map((record) =>
        record.epoch === 4 || record.epoch > 9
          ? { ...record, valLoss: NaN, diverged: 'validation loss NaN' }
          : record,
      ),
    ],
    phone: () => [makeHistory(), { ...TEST, ...PHONE }],
  }),
  casesOf(runComparison)({
    default: () => [makeRuns()],
    'long-names': () => [
      makeRuns(6).map((run, i) => ({ ...run, name: LONG[i % 3] + i, evaluation: undefined })),
      { width: 500 },
    ],
  }),
];
