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
    'log-scale': () => [
      makeHistory({ epochs: 30 }).map((record, i) => ({
        ...record,
        loss: i === 20 ? 0 : 2.3 * 0.6 ** i,
        valLoss: 2.3 * 0.75 ** i + 0.01,
      })),
      { scale: 'log', testLoss: 0.012 },
    ],
    domain: () => [makeHistory(), { domain: [0.4, 1.2], accuracyDomain: [0, 1], ...TEST }],
    'without-a-loss': () => [
      makeHistory({ epochs: 12 }).map((record) =>
        [3, 4, 8].includes(record.epoch)
          ? { ...record, loss: undefined as never, accuracy: undefined as never, valLoss: undefined }
          : record,
      ),
    ],
    noise: () => [
      [
        {
          ...makeHistory()[0],
          loss: 2.3,
          valLoss: 2.3000001,
          accuracy: 0.12,
          valAccuracy: Math.fround(0.12),
        },
      ],
    ],
    'tiny-losses': () => [
      makeHistory({ epochs: 6 }).map((record) => ({ ...record, loss: record.loss * 1e-9, valLoss: 1.2e-9 })),
    ],
    'log-phone': () => [makeHistory(), { ...TEST, ...PHONE, scale: 'log' }],
    phone: () => [makeHistory(), { ...TEST, ...PHONE }],
  }),
  casesOf(runComparison)({
    default: () => [makeRuns()],
    'log-scale': () => [makeRuns(), { scale: 'log' }],
    'long-names': () => [
      makeRuns(6).map((run, i) => ({ ...run, name: LONG[i % 3] + i, evaluation: undefined })),
      { width: 500 },
    ],
  }),
];
