import type { EpochRecord } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { bestOf } from '../src/index.js';

const history = (...losses: unknown[]) => losses.map((valLoss, epoch) => ({ epoch, valLoss }) as EpochRecord);

describe('bestOf', () => {
  it('is the epoch of the lowest validation loss, the earlier of equal ones', () => {
    expect(bestOf(history(3, 1, 2, 1)).epoch).toBe(1);
  });

  it('is never one whose loss is no number; where all are none, the last, whose model is kept', () => {
    expect(bestOf(history(NaN, 2, null)).epoch).toBe(1);
    expect(bestOf(history(null, undefined)).epoch).toBe(1);
  });

  it('takes losses for equal that are in 32 bits, in which callbacks compare them', () => {
    expect(bestOf(history(1, 1 - 1e-9, 1 - 1e-3)).epoch).toBe(2);
    expect(bestOf(history(1, 1 - 1e-9)).epoch).toBe(0);
  });
});
