import type { EpochRecord } from '@convlens/core';
import { expect, it } from 'vitest';
import { savedEpoch } from '../../src/run/run-summary.js';

const history = (...losses: unknown[]) => losses.map((valLoss, epoch) => ({ epoch, valLoss }) as EpochRecord);

it('saves the weights of the best epoch, or of the last one if no validation loss is finite', () => {
  expect(savedEpoch(history(NaN, 2, null)).epoch).toBe(1);
  expect(savedEpoch(history(null, undefined)).epoch).toBe(1);
});
