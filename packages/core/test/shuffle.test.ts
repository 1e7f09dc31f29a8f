import { describe, expect, it } from 'vitest';
import { evenlySpaced, indexRange, randomAt, shuffledIndices } from '../src/index.js';

describe('indexRange', () => {
  it('counts from 0', () => {
    expect(indexRange(0)).toEqual(new Uint32Array(0));
    expect(indexRange(4)).toEqual(Uint32Array.of(0, 1, 2, 3));
  });
});

describe('shuffledIndices', () => {
  it('never changes: these orders are part of every saved run', () => {
    expect([...shuffledIndices(10, randomAt(3, 'order', 7))]).toEqual(GOLDEN_ORDER);
  });

  it('holds each index once', () => {
    for (const count of [0, 1, 2, 1000])
      expect(shuffledIndices(count, randomAt(count)).sort()).toEqual(indexRange(count));
  });

  it('returns each of the 24 orders of 4 indices equally often', () => {
    const counts = new Map<string, number>();
    const repeats = 24_000;
    for (let i = 0; i < repeats; i++) {
      const order = shuffledIndices(4, randomAt(1, 'test', i)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom: 0.1% of fair shuffles are above 49.7.
    expect(chiSquare).toBeLessThan(49.7);
  });

  it('takes count - 1 random numbers', () => {
    let calls = 0;
    shuffledIndices(7, () => (calls++, 0.5));
    expect(calls).toBe(6);
  });
});

describe('evenlySpaced', () => {
  it.each([
    [10, 4, [0, 2, 5, 7]],
    [10, 3, [0, 3, 6]],
    [3, 10, [0, 1, 2]],
    [5, 5, [0, 1, 2, 3, 4]],
    [7, 1, [0]],
    [0, 4, []],
    [4, 0, []],
  ])('of %d indices at most %d: %o', (count, limit, indices) => {
    expect(evenlySpaced(count, limit)).toEqual(indices);
  });
});

// Computed by the first implementation of the shuffle, in @convlens/image-set 0.1.0.
const GOLDEN_ORDER = [6, 9, 1, 8, 5, 0, 3, 7, 4, 2];
