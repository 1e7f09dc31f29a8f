import { describe, expect, it } from 'vitest';
import { normal, randomAt } from '../src/index.js';

const numbers = (count: number, random = randomAt(1)) => Array.from({ length: count }, random);

describe('randomAt', () => {
  it('returns the same stream for the same seed and keys', () => {
    expect(numbers(100, randomAt(7, 'augment', 3, 41))).toEqual(numbers(100, randomAt(7, 'augment', 3, 41)));
  });

  it('never changes: these numbers are part of every saved run', () => {
    expect(numbers(3, randomAt(0)).map((u) => u * 2 ** 32)).toEqual(STREAM_OF_SEED_0);
    expect(numbers(3, randomAt(1, 'drop1', 2, 0.5)).map((u) => u * 2 ** 32)).toEqual(STREAM_OF_KEYS);
  });

  it('returns another stream for another seed, key, type or order of keys', () => {
    const firsts = [
      randomAt(1),
      randomAt(2),
      randomAt(1, 0),
      randomAt(1, 1),
      randomAt(1, '1'),
      randomAt(1, 1, 2),
      randomAt(1, 2, 1),
      randomAt(1, 12),
      randomAt(1, 'ab', 'c'),
      randomAt(1, 'a', 'bc'),
      randomAt(1, 0.5),
      randomAt(2 ** 40),
      randomAt(2 ** 41),
    ].map((random) => random());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('is uniform in [0, 1), within one stream and over the first numbers of many', () => {
    const streams = [numbers(100_000), Array.from({ length: 100_000 }, (_, i) => randomAt(1, 'image', i)())];
    for (const values of streams) {
      expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1);
      const bins = new Array(100).fill(0);
      for (const value of values) bins[Math.floor(value * 100)]++;
      const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 99 degrees of freedom: 0.1% of good generators lie outside [61, 149].
      expect(chiSquare).toBeGreaterThan(61);
      expect(chiSquare).toBeLessThan(149);
    }
  });

  it('returns uncorrelated streams for neighboring keys', () => {
    const a = Array.from({ length: 20_000 }, (_, i) => randomAt(5, i)() - 0.5);
    const correlation = a.slice(1).reduce((sum, value, i) => sum + value * a[i], 0) / (a.length / 12);
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(a.length));
  });
});

describe('normal', () => {
  it('has mean 0, variance 1 and the tails of a normal distribution', () => {
    const random = randomAt(3);
    const values = Array.from({ length: 100_000 }, () => normal(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.003);
  });
});

// Computed by a second implementation, on unsigned integers of arbitrary size.
const STREAM_OF_SEED_0 = [1820201893, 1523366036, 1036510746];
const STREAM_OF_KEYS = [875471267, 1955056663, 1173906917];
