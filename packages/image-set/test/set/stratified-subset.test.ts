import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, stratifiedSubset } from '../../src/index.js';
import { originalIndices, setOf } from './sets.js';

const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });

describe('stratifiedSubset', () => {
  it('keeps the class proportions to within one image, and each class where there is room', () => {
    fc.assert(
      fc.property(labels, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (all, part, seed) => {
        const set = setOf(all);
        const count = Math.floor(part * all.length);
        const sample = stratifiedSubset(set, { count, seed });
        const indices = originalIndices(sample);
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect(indices).toHaveLength(count);
        expect([...sample.labels!]).toEqual(indices.map((index) => all[index]));
        const counts = classCounts(set);
        const occurring = counts.filter((number) => number > 0).length;
        classCounts(sample).forEach((number, label) => {
          if (count >= occurring && counts[label] > 0) expect(number).toBeGreaterThan(0);
          // A class that had none takes one from the largest.
          expect(Math.abs(number - (counts[label] * count) / all.length)).toBeLessThan(3);
        });
      }),
    );
  });

  it('has the proportions exactly where they are whole, whatever the order', () => {
    for (const order of [
      [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2],
      [2, 1, 0, 0, 1, 2, 0, 0, 2, 1, 0, 0],
    ])
      expect(classCounts(stratifiedSubset(setOf(order), { count: 4 }))).toEqual([2, 1, 1]);
  });

  it('chooses by the seed only', () => {
    const set = setOf(Array.from({ length: 20 }, (_, i) => Math.floor(i / 7)));
    const chosen = (seed?: number) => originalIndices(stratifiedSubset(set, { count: 6, seed }));
    expect(chosen(3)).toEqual(chosen(3));
    expect(chosen()).toEqual(chosen(0));
    expect(new Set(Array.from({ length: 9 }, (_, seed) => chosen(seed).join())).size).toBeGreaterThan(7);
  });

  it('refuses images without labels, and more than there are', () => {
    const set = setOf([0, 1, 2]);
    expect(() => stratifiedSubset({ ...set, labels: undefined }, { count: 1 })).toThrow(
      'Expected tiny to have labels for a stratified subset, got none',
    );
    expect(() => stratifiedSubset(set, { count: 4 })).toThrow(
      'Expected count to be an integer from 0 to 3, got 4',
    );
  });
});
