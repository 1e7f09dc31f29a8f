import { describe, expect, it } from 'vitest';
import { fromArray, fromImageData, shapeOf, toImageData } from '../../src/index.js';
import { setOf } from './sets.js';

const rgba = (...data: number[]) => ({ data: Uint8ClampedArray.from(data), width: 2, height: 1 });

describe('fromImageData and toImageData', () => {
  it('convert colors from ImageData, and back with full alpha', () => {
    const set = fromImageData([rgba(1, 2, 3, 255, 4, 5, 6, 128), rgba(7, 8, 9, 255, 10, 11, 12, 255)], {
      labels: [1, 0],
      classNames: ['a', 'b'],
    });
    expect(shapeOf(set)).toEqual([2, 1, 2, 3]);
    expect([...set.pixels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(toImageData(set, 0)).toEqual(rgba(1, 2, 3, 255, 4, 5, 6, 255));
  });

  it('convert gray', () => {
    const gray = fromImageData([rgba(1, 2, 3, 255, 4, 5, 6, 255)], { channels: 1 });
    expect(toImageData(gray, 0)).toEqual(rgba(1, 1, 1, 255, 4, 4, 4, 255));
  });

  it('convert alpha, and round and clamp float pixels', () => {
    const grayAlpha = fromArray([10, 20, 30, 40], { shape: [1, 1, 2, 2] });
    expect(toImageData(grayAlpha, 0)).toEqual(rgba(10, 10, 10, 20, 30, 30, 30, 40));
    const float = fromArray([-3, 0.6, 300, 1, 2, 3], { shape: [1, 1, 2, 3] });
    expect(toImageData(float, 0)).toEqual(rgba(0, 1, 255, 255, 1, 2, 3, 255));
  });

  it('refuse images of different sizes, and an index that no image has', () => {
    const other = { ...rgba(1, 2, 3, 4), width: 1 };
    expect(() => fromImageData([rgba(1, 2, 3, 4, 5, 6, 7, 8), other])).toThrow(
      'Expected image 1 to be 2 x 1 as the first is, got 1 x 1',
    );
    expect(() => fromImageData([])).toThrow('Expected at least one image, got none');
    expect(() => toImageData(setOf([0]), 1)).toThrow('Expected index to be an integer from 0 to 0, got 1');
  });
});

describe('fromArray', () => {
  it('uses an array without a copy, or scales it', () => {
    const values = new Float32Array(12);
    expect(fromArray(values, { shape: [2, 1, 2, 3] }).pixels).toBe(values);
    expect([...fromArray([0, 0.2, 1], { shape: [1, 1, 1, 3], scale: 255 }).pixels]).toEqual([0, 51, 255]);
  });

  it('refuses values that do not fill the shape', () => {
    expect(() => fromArray([1, 2], { shape: [1, 1, 1, 3] })).toThrow(
      'to hold 3 values (1 x 1 x 1 x 3), got 2',
    );
    expect(() => fromArray([1], { shape: [1] })).toThrow(
      'Expected shape to be count, height, width, channels, got 1',
    );
  });
});
