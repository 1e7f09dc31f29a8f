import { describe, expect, it } from 'vitest';
import { bestEpochOf, learningRateCuts, type EpochRecord } from '../../src/index.js';

const withLosses = (...losses: unknown[]) =>
  losses.map((valLoss, epoch) => ({ epoch, valLoss }) as EpochRecord);

describe('bestEpochOf', () => {
  it('is the record of the epoch with the lowest validation loss, the earlier of equal ones', () => {
    const history = withLosses(3, 1, 2, 1);
    expect(bestEpochOf(history)).toBe(history[1]);
  });

  it('is never an epoch whose loss is not finite, and undefined if none is', () => {
    expect(bestEpochOf(withLosses(NaN, 2, null, -Infinity))?.epoch).toBe(1);
    expect(bestEpochOf(withLosses(null, undefined, NaN))).toBeUndefined();
    expect(bestEpochOf([])).toBeUndefined();
  });

  it('is never a diverged epoch, by its field or by its training loss', () => {
    const [first, second, third] = withLosses(3, 1, 2);
    expect(bestEpochOf([first, { ...second, diverged: 'weight a/b Infinity' }, third])).toBe(third);
    expect(bestEpochOf([first, { ...second, loss: NaN }, third])).toBe(third);
  });

  it('takes losses for equal that are equal in float32, in which callbacks compare them', () => {
    expect(bestEpochOf(withLosses(1, 1 - 1e-9, 1 - 1e-3))?.epoch).toBe(2);
    expect(bestEpochOf(withLosses(1, 1 - 1e-9))?.epoch).toBe(0);
  });
});

const withRates = (...rates: number[]) =>
  rates.map((learningRate, epoch) => ({ epoch, learningRate }) as EpochRecord);

describe('learningRateCuts', () => {
  it('lists each reduction with the epoch at whose end it happened', () => {
    expect(learningRateCuts(withRates(0.1, 0.1, 0.01, 0.01, 0.001))).toEqual([
      { epoch: 1, from: 0.1, to: 0.01 },
      { epoch: 3, from: 0.01, to: 0.001 },
    ]);
  });

  it('ignores a rate that rises, and one that falls by less than 1%', () => {
    expect(learningRateCuts(withRates(0.1, 0.2, 0.199, 0.1985))).toEqual([]);
    expect(learningRateCuts(withRates(1, 0.991))).toEqual([]);
    expect(learningRateCuts(withRates(1, 0.989))).toHaveLength(1);
    expect(learningRateCuts([])).toEqual([]);
  });

  it('ignores a schedule that decays all the time: more than 8 cuts, in more than half of the epochs', () => {
    const halving = (count: number) => withRates(...Array.from({ length: count }, (_, i) => 0.5 ** i));
    expect(learningRateCuts(halving(9))).toHaveLength(8);
    expect(learningRateCuts(halving(10))).toEqual([]);
    // Nine cuts in twenty epochs are not a schedule of that kind.
    const constant = Array.from({ length: 10 }, () => 1);
    const rates = [...constant, ...Array.from({ length: 10 }, (_, i) => 0.5 ** i)];
    expect(learningRateCuts(withRates(...rates))).toHaveLength(9);
  });
});
