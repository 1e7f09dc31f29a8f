import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, split, type SplitFrom, type SplitOptions } from '../src/index.js';
import { idsOf, setOf } from './sets.js';

const FROM: SplitFrom[] = ['first', 'last', 'shuffled', 'stratified'];
const set = setOf([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);

describe('split', () => {
  it.each([
    [{ from: 'first', count: 3 }, [0, 1, 2]],
    [{ from: 'first', fraction: 0.25 }, [0, 1, 2]],
    [{ from: 'last', count: 2 }, [8, 9]],
    [{ from: 'last', fraction: 0.1 }, [9]],
    [{ from: 'shuffled', count: 0 }, []],
    [{ from: 'stratified', count: 10 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ] as [SplitOptions, number[]][])('%o takes the images %j', (options, expected) => {
    expect(idsOf(split(set, options).taken)).toEqual(expected);
  });

  it('puts each image into one part, once, in the order of the set', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });
    const options = fc.record({
      from: fc.constantFrom(...FROM),
      fraction: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(labels, options, (labels, options) => {
        const { rest, taken } = split(setOf(labels), options);
        const [kept, chosen] = [idsOf(rest), idsOf(taken)];
        expect(chosen).toHaveLength(Math.round(options.fraction * labels.length));
        expect([...kept, ...chosen].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
        for (const part of [kept, chosen]) expect(part).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps the share of each class within one image when stratified', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(labels, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (labels, fraction) => {
        const whole = setOf(labels);
        const { taken } = split(whole, { from: 'stratified', fraction });
        const all = classCounts(whole);
        classCounts(taken).forEach((count, label) => {
          expect(Math.abs(count - (all[label] * taken.count) / whole.count)).toBeLessThan(1);
        });
      }),
    );
  });

  it('chooses by the seed alone, every image as likely as any other', () => {
    for (const from of ['shuffled', 'stratified'] as const) {
      const taken = (seed: number) => idsOf(split(set, { from, count: 4, seed }).taken);
      expect(taken(5)).toEqual(taken(5));
      const times = new Array(10).fill(0);
      for (let seed = 0; seed < 3000; seed++) for (const id of taken(seed)) times[id]++;
      // 1200 of 3000 each, within 4.5 standard deviations; stratified takes 1.6 of the 4 images of the first class.
      if (from === 'shuffled') for (const count of times) expect(Math.abs(count - 1200)).toBeLessThan(121);
      else expect(Math.min(...times)).toBeGreaterThan(800);
    }
  });

  it('gives views where it can', () => {
    const { rest, taken } = split(set, { from: 'last', fraction: 0.3 });
    expect(rest.pixels.buffer).toBe(set.pixels.buffer);
    expect(taken.pixels.buffer).toBe(set.pixels.buffer);
  });

  it.each([
    [
      { from: 'middle', count: 1 },
      'Expected from to be one of first, last, shuffled, stratified, got "middle"',
    ],
    [{ from: 'first' }, 'Expected either fraction or count, got neither'],
    [{ from: 'first', fraction: 0.1, count: 1 }, 'Expected either fraction or count, got both'],
    [{ from: 'first', fraction: 1 }, 'Expected fraction to be a number above 0 and below 1, got 1'],
    [{ from: 'first', count: 11 }, 'Expected count to be an integer from 0 to 10, got 11'],
  ])('refuses %o', (options, message) => {
    expect(() => split(set, options as SplitOptions)).toThrow(message);
  });

  it('refuses to stratify images without labels', () => {
    const bare = { ...set, labels: undefined };
    expect(() => split(bare, { from: 'stratified', count: 1 })).toThrow('Expected tiny to have labels');
  });
});
