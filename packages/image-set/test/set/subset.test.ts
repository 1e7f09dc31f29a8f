import { expectImages } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { selectClasses, subset, take } from '../../src/index.js';
import { originalIndices, setOf } from './sets.js';

describe('subset', () => {
  it.each([false, true])('copies the images at the indices, in their order (float pixels: %s)', (float) => {
    const set = setOf([0, 1, 2, 0], { float, coarse: true });
    const selected = subset(set, [3, 1, 1]);
    expect(originalIndices(selected)).toEqual([3, 1, 1]);
    expect([...selected.labels!]).toEqual([0, 1, 1]);
    expect([...selected.coarseLabels!]).toEqual([100, 101, 101]);
    expect(selected.pixels.constructor).toBe(set.pixels.constructor);
    expect(selected.pixels.buffer).not.toBe(set.pixels.buffer);
    expect(() => expectImages('selected', selected)).not.toThrow();
    expect(subset(set, []).count).toBe(0);
  });

  it('needs no labels', () => {
    const bare = { ...setOf([0, 1]), labels: undefined };
    expect(subset(bare, [1]).labels).toBeUndefined();
  });

  it.each([-1, 2, 0.5, NaN])('refuses the index %d', (index) => {
    expect(() => subset(setOf([0, 1]), [0, index])).toThrow(
      `Expected indices[1] to be an integer from 0 to 1, got ${index}`,
    );
  });
});

describe('take', () => {
  it('returns the first images as views', () => {
    const set = setOf([0, 1, 2], { coarse: true });
    const first = take(set, 2);
    expect(originalIndices(first)).toEqual([0, 1]);
    expect(first.pixels.buffer).toBe(set.pixels.buffer);
    expect([...first.labels!, ...first.coarseLabels!]).toEqual([0, 1, 100, 101]);
    expect(take(set, 0).count).toBe(0);
    expect(take(set, 3)).toEqual(set);
  });

  it('refuses more images than the set has', () => {
    expect(() => take(setOf([0]), 2)).toThrow('Expected count to be an integer from 0 to 1, got 2');
  });
});

describe('selectClasses', () => {
  it('copies the images of some classes; labels and class names do not change', () => {
    const selected = selectClasses(setOf([0, 1, 2, 1]), ['b', 'c']);
    expect([originalIndices(selected), [...selected.labels!], selected.classNames]).toEqual([
      [1, 2, 3],
      [1, 2, 1],
      ['a', 'b', 'c'],
    ]);
  });

  it('refuses a class that the set does not have, and a set without labels', () => {
    expect(() => selectClasses(setOf([0]), ['z'])).toThrow('Expected class to be one of a, b, c, got "z"');
    expect(() => selectClasses({ ...setOf([0]), labels: undefined }, ['a'])).toThrow(
      'Expected tiny to have labels, got none',
    );
  });
});
