import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, split, SPLIT_STRATEGIES, type SplitOptions } from '../../src/index.js';
import { originalIndices, setOf } from './sets.js';

const set = setOf([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);

describe('split', () => {
  it.each([
    [{ strategy: 'first', count: 3 }, [0, 1, 2]],
    [{ strategy: 'first', fraction: 0.25 }, [0, 1, 2]],
    [{ strategy: 'last', count: 2 }, [8, 9]],
    [{ strategy: 'last', fraction: 0.1 }, [9]],
    [{ strategy: 'shuffled', count: 0 }, []],
    [{ strategy: 'stratified', count: 10 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ] as [SplitOptions, number[]][])('%o holds out the images %j', (options, expected) => {
    expect(originalIndices(split(set, options).heldOut)).toEqual(expected);
  });

  it('divides the images, each in one part once, in the order of the set', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });
    const options = fc.record({
      strategy: fc.constantFrom(...SPLIT_STRATEGIES),
      fraction: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(labels, options, (labels, options) => {
        const { remaining, heldOut } = split(setOf(labels), options);
        const [kept, chosen] = [originalIndices(remaining), originalIndices(heldOut)];
        expect(chosen).toHaveLength(Math.round(options.fraction * labels.length));
        expect([...kept, ...chosen].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
        for (const part of [kept, chosen]) expect(part).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps the class proportions to within one image when stratified', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(labels, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (labels, fraction) => {
        const whole = setOf(labels);
        const { heldOut } = split(whole, { strategy: 'stratified', fraction });
        const all = classCounts(whole);
        classCounts(heldOut).forEach((count, label) => {
          expect(Math.abs(count - (all[label] * heldOut.count) / whole.count)).toBeLessThan(1);
        });
      }),
    );
  });

  it('chooses images by the seed only, each equally likely', () => {
    for (const strategy of ['shuffled', 'stratified'] as const) {
      const heldOut = (seed: number) => originalIndices(split(set, { strategy, count: 4, seed }).heldOut);
      expect(heldOut(5)).toEqual(heldOut(5));
      const counts = new Array(10).fill(0);
      for (let seed = 0; seed < 3000; seed++) for (const index of heldOut(seed)) counts[index]++;
      // 1200 of 3000 each, within 4.5 standard deviations; stratified holds out 1.6 of the 4 images of the first class.
      if (strategy === 'shuffled')
        for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(121);
      else expect(Math.min(...counts)).toBeGreaterThan(800);
    }
  });

  it("returns views for 'first' and 'last'", () => {
    const { remaining, heldOut } = split(set, { strategy: 'last', fraction: 0.3 });
    expect(remaining.pixels.buffer).toBe(set.pixels.buffer);
    expect(heldOut.pixels.buffer).toBe(set.pixels.buffer);
  });

  it.each([
    [
      { strategy: 'middle', count: 1 },
      'Expected strategy to be one of first, last, shuffled, stratified, got "middle"',
    ],
    [{ strategy: 'first' }, 'Expected either fraction or count, got neither'],
    [{ strategy: 'first', fraction: 0.1, count: 1 }, 'Expected either fraction or count, got both'],
    [{ strategy: 'first', fraction: 1 }, 'Expected fraction to be a number above 0 and below 1, got 1'],
    [{ strategy: 'first', count: 11 }, 'Expected count to be an integer from 0 to 10, got 11'],
  ])('refuses %o', (options, message) => {
    expect(() => split(set, options as unknown as SplitOptions)).toThrow(message);
  });

  it('refuses to stratify images without labels', () => {
    const bare = { ...set, labels: undefined };
    expect(() => split(bare, { strategy: 'stratified', count: 1 })).toThrow('Expected tiny to have labels');
  });
});
