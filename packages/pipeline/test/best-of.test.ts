import type { EpochRecord } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { bestOf } from '../src/index.js';

const history = (...losses: unknown[]) => losses.map((valLoss, epoch) => ({ epoch, valLoss }) as EpochRecord);

describe('bestOf', () => {
  it('is the epoch of the lowest validation loss, the earlier of equal ones', () => {
    expect(bestOf(history(3, 1, 2, 1)).epoch).toBe(1);
  });

  it('is never one whose loss is no number, unless all are', () => {
    expect(bestOf(history(NaN, 2, null)).epoch).toBe(1);
    expect(bestOf(history(null, undefined)).epoch).toBe(0);
  });
});
