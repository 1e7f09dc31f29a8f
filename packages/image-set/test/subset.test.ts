import { expectImages } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { subset, take } from '../src/index.js';
import { idsOf, setOf } from './sets.js';

describe('subset', () => {
  it.each([false, true])('copies the images that are named, in that order (float pixels: %s)', (float) => {
    const set = setOf([0, 1, 2, 0], { float, coarse: true });
    const some = subset(set, [3, 1, 1]);
    expect(idsOf(some)).toEqual([3, 1, 1]);
    expect([...some.labels!]).toEqual([0, 1, 1]);
    expect([...some.coarseLabels!]).toEqual([100, 101, 101]);
    expect(some.pixels.constructor).toBe(set.pixels.constructor);
    expect(some.pixels.buffer).not.toBe(set.pixels.buffer);
    expect(() => expectImages('some', some)).not.toThrow();
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
  it('gives the first images as views', () => {
    const set = setOf([0, 1, 2], { coarse: true });
    const first = take(set, 2);
    expect(idsOf(first)).toEqual([0, 1]);
    expect(first.pixels.buffer).toBe(set.pixels.buffer);
    expect([...first.labels!, ...first.coarseLabels!]).toEqual([0, 1, 100, 101]);
    expect(take(set, 0).count).toBe(0);
    expect(take(set, 3)).toEqual(set);
  });

  it('refuses more than there are', () => {
    expect(() => take(setOf([0]), 2)).toThrow('Expected count to be an integer from 0 to 1, got 2');
  });
});
