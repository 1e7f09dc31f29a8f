import { describe, expect, it } from 'vitest';
import { batches, fromArray, fromImageData, ofClasses, oneHot, shapeOf, toImageData } from '../src/index.js';
import { idsOf, setOf } from './sets.js';

const rgba = (...data: number[]) => ({ data: Uint8ClampedArray.from(data), width: 2, height: 1 });

describe('converters', () => {
  it('take colours from ImageData and give them back with full alpha', () => {
    const set = fromImageData([rgba(1, 2, 3, 255, 4, 5, 6, 128), rgba(7, 8, 9, 255, 10, 11, 12, 255)], {
      labels: [1, 0],
      classNames: ['a', 'b'],
    });
    expect(shapeOf(set)).toEqual([2, 1, 2, 3]);
    expect([...set.pixels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(toImageData(set, 0)).toEqual(rgba(1, 2, 3, 255, 4, 5, 6, 255));
    const grey = fromImageData([rgba(1, 2, 3, 255, 4, 5, 6, 255)], { channels: 1 });
    expect(toImageData(grey, 0)).toEqual(rgba(1, 1, 1, 255, 4, 4, 4, 255));
  });

  it('take an array of a shape as it is, or on another scale', () => {
    const values = new Float32Array(12);
    expect(fromArray(values, { shape: [2, 1, 2, 3] }).pixels).toBe(values);
    expect([...fromArray([0, 0.2, 1], { shape: [1, 1, 1, 3], scale: 255 }).pixels]).toEqual([0, 51, 255]);
  });

  it('refuse what does not fit', () => {
    expect(() => fromArray([1, 2], { shape: [1, 1, 1, 3] })).toThrow(
      'to hold 3 values (1 x 1 x 1 x 3), got 2',
    );
    expect(() => fromArray([1], { shape: [1] })).toThrow(
      'Expected shape to be count, height, width, channels, got 1',
    );
    const other = { ...rgba(1, 2, 3, 4), width: 1 };
    expect(() => fromImageData([rgba(1, 2, 3, 4, 5, 6, 7, 8), other])).toThrow(
      'Expected image 1 to be 2 x 1 as the first is, got 1 x 1',
    );
    expect(() => toImageData(setOf([0]), 1)).toThrow('Expected index to be an integer from 0 to 0, got 1');
  });
});

describe('oneHot and ofClasses', () => {
  it('puts a 1 where the class is', () => {
    expect([...oneHot(setOf([2, 0]))]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(() => oneHot({ ...setOf([0]), labels: undefined })).toThrow(
      'Expected tiny to have labels, got none',
    );
  });

  it('keeps the images of some classes, and what their labels mean', () => {
    const some = ofClasses(setOf([0, 1, 2, 1]), ['b', 'c']);
    expect([idsOf(some), [...some.labels!], some.classNames]).toEqual([
      [1, 2, 3],
      [1, 2, 1],
      ['a', 'b', 'c'],
    ]);
    expect(() => ofClasses(setOf([0]), ['z'])).toThrow('Expected class to be one of a, b, c, got "z"');
  });
});

it('an epoch of batches can be awaited too, in the same order', async () => {
  const epoch = batches(setOf([0, 1, 2, 0]), { batchSize: 2, seed: 1 })(3);
  const awaited: unknown[] = [];
  const source: AsyncIterable<unknown> = epoch;
  for await (const batch of source) awaited.push(batch);
  expect(awaited).toEqual([...epoch]);
  expect(Object.hasOwn(epoch, Symbol.asyncIterator)).toBe(true);
});
