import { expectImages, type BatchSource } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { batches, type BatchesOptions } from '../../src/index.js';
import { originalIndices, setOf } from './sets.js';

const set = setOf([0, 1, 2, 0, 1, 2, 0]);
const orderOf = (epoch: number, options: BatchesOptions, images = set) =>
  [...batches(images, options)(epoch)].flatMap((batch) => [...batch.indices]);

describe('batches', () => {
  it('divides an epoch into batches with their step and indices; the last one is smaller', () => {
    const source: BatchSource = batches(set, { batchSize: 3, shuffle: false });
    const all = [...(source(4) as ReturnType<ReturnType<typeof batches>>)];
    expect(all.map(({ count, step, steps, epoch }) => [count, step, steps, epoch])).toEqual([
      [3, 0, 3, 4],
      [3, 1, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(all.map((batch) => [...batch.indices])).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it.each([false, true])('holds the pixels and labels of its indices (float pixels: %s)', (float) => {
    const images = setOf([0, 1, 2, 0, 1, 2, 0], { float });
    for (const batch of batches(images, { batchSize: 2, seed: 1 })(0)) {
      expect(() => expectImages('batch', batch)).not.toThrow();
      expect(originalIndices(batch)).toEqual([...batch.indices]);
      expect([...batch.labels!]).toEqual(originalIndices(batch).map((index) => images.labels![index]));
      expect(batch.pixels.constructor).toBe(images.pixels.constructor);
    }
  });

  it('copies the pixels: a change of a batch does not reach the set', () => {
    const before = set.pixels.slice();
    for (const batch of batches(set, { shuffle: false })(0)) batch.pixels.fill(255);
    expect(set.pixels).toEqual(before);
  });

  it('holds each image once per epoch, in an order that depends on seed and epoch only', () => {
    const order = orderOf(3, { seed: 1 });
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(orderOf(3, { seed: 1, batchSize: 2 })).toEqual(order);
    const others = [orderOf(2, { seed: 1 }), orderOf(3, { seed: 2 })];
    for (const other of others) expect(other).not.toEqual(order);
    const epoch = batches(set, { seed: 1 })(3);
    expect([...epoch]).toEqual([...epoch]);
  });

  it('never changes: this order is part of every saved run', () => {
    expect(orderOf(0, { seed: 0 })).toEqual(ORDER_OF_SEED_0);
  });

  it('has every order equally often', () => {
    const counts = new Map<string, number>();
    const three = setOf([0, 1, 2]);
    for (let epoch = 0; epoch < 6000; epoch++) {
      const order = orderOf(epoch, {}, three).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 5 degrees of freedom: 0.1% of fair shuffles are above 20.5.
    expect(counts.size).toBe(6);
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('can be awaited, in the same order', async () => {
    const epoch = batches(setOf([0, 1, 2, 0]), { batchSize: 2, seed: 1 })(3);
    const awaited: unknown[] = [];
    const source: AsyncIterable<unknown> = epoch;
    for await (const batch of source) awaited.push(batch);
    expect(awaited).toEqual([...epoch]);
    expect(Object.hasOwn(epoch, Symbol.asyncIterator)).toBe(true);
  });

  it('returns no batch of an empty set', () => expect([...batches(setOf([]))(0)]).toEqual([]));

  it('refuses options and epochs out of range', () => {
    expect(() => batches(set, { batchSize: 0 })).toThrow('Expected batchSize to be an integer >= 1, got 0');
    expect(() => batches(set, { shuffle: 1 as never })).toThrow(
      'Expected shuffle to be true or false, got 1',
    );
    expect(() => batches(set)(-1)).toThrow('Expected epoch to be an integer >= 0, got -1');
  });
});

const ORDER_OF_SEED_0 = [1, 5, 6, 3, 2, 0, 4];
