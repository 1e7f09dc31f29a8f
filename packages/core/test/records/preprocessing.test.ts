import { describe, expect, it } from 'vitest';
import { expectPreprocessing, IDENTITY, preprocess, UNIT_RANGE } from '../../src/index.js';
import { twoPixels } from './two-pixels.js';

describe('preprocess', () => {
  it('maps 0..255 to [0, 1] by default', () => {
    expect([...preprocess(twoPixels)]).toEqual(
      [0, 51, 255, 102, 153, 204].map((value) => Math.fround(value / 255)),
    );
    expect([...preprocess(twoPixels, UNIT_RANGE)]).toEqual([...preprocess(twoPixels)]);
  });

  it('subtracts a mean and divides by a std per channel, for some of the images', () => {
    const byChannel = { scale: 1 / 51, mean: [0, 1, 2], std: [1, 2, 4] };
    expect([...preprocess(twoPixels, byChannel, { start: 1 })]).toEqual([2, 1, 0.5]);
    expect([...preprocess(twoPixels, byChannel, { end: 1 })]).toEqual([0, 0, 0.75]);
    expect([...preprocess(twoPixels, byChannel, { start: 1, end: 1 })]).toEqual([]);
  });

  it('leaves values unchanged under IDENTITY', () => {
    expect([...preprocess(twoPixels, IDENTITY)]).toEqual([...twoPixels.pixels]);
  });

  it('refuses positions that are not those of images', () => {
    expect(() => preprocess(twoPixels, UNIT_RANGE, { start: 3 })).toThrow(
      'Expected start to be an integer from 0 to 2, got 3',
    );
    expect(() => preprocess(twoPixels, UNIT_RANGE, { start: 1, end: 0 })).toThrow(
      'Expected end to be an integer from 1 to 2, got 0',
    );
  });
});

describe('expectPreprocessing', () => {
  const valid = { scale: 1, mean: [0], std: [1, 2, 3] };

  it('accepts one value for all channels, or one per channel', () => {
    expect(() => expectPreprocessing(valid, 3)).not.toThrow();
  });

  it.each([
    [{ mean: [0, 0] }, 'Expected preprocessing.mean to be 1 or 3 numbers, got 0,0'],
    [{ mean: [NaN] }, 'Expected preprocessing.mean to be 1 or 3 numbers, got NaN'],
    [{ std: 1 as never }, 'Expected preprocessing.std to be 1 or 3 numbers, got 1'],
    [{ std: [0] }, 'Expected preprocessing.std to be above 0, got 0'],
    [{ scale: Infinity }, 'Expected preprocessing.scale to be a number, got Infinity'],
  ])('refuses %o', (change, message) => {
    expect(() => expectPreprocessing({ ...valid, ...change }, 3)).toThrow(message);
    expect(() => preprocess(twoPixels, { ...valid, ...change })).toThrow(message);
  });
});
