import { describe, expect, it } from 'vitest';
import { HISTOGRAM_BINS, HISTOGRAM_ERROR, histogramBin, histogramEdges, randomAt } from '../../src/index.js';

describe('the bins of a histogram', () => {
  it('contain their values, from tiny to huge ones, on both sides of 0', () => {
    const random = randomAt(1);
    for (let i = 0; i < 10_000; i++) {
      const value = Math.fround((random() < 0.5 ? -1 : 1) * 2 ** (random() * 39.9 - 19.9));
      const [lower, upper] = histogramEdges(histogramBin(value));
      expect(value).toBeGreaterThanOrEqual(lower);
      expect(value).toBeLessThanOrEqual(upper);
      expect(Math.abs((lower + upper) / 2 / value - 1)).toBeLessThanOrEqual(HISTOGRAM_ERROR);
    }
  });

  it('are adjacent, ascending and symmetric about 0', () => {
    for (let bin = 1; bin < HISTOGRAM_BINS; bin++)
      expect(histogramEdges(bin)[0]).toBe(histogramEdges(bin - 1)[1]);
    expect(histogramBin(0)).toBe((HISTOGRAM_BINS - 1) / 2);
    expect(histogramBin(-0)).toBe(histogramBin(0));
  });

  it('count values beyond 2^20 in the outermost bin; NaN has no bin', () => {
    expect([1e30, Infinity].map(histogramBin)).toEqual([HISTOGRAM_BINS - 1, HISTOGRAM_BINS - 1]);
    expect(histogramBin(-Infinity)).toBe(0);
    expect(histogramBin(NaN)).toBe(-1);
  });
});
