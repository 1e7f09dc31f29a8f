import { describe, expect, it } from 'vitest';
import { expectImages, IDENTITY, InputError, preprocess, UNIT_RANGE, type ImageSet } from '../src/index.js';

const set: ImageSet = {
  kind: 'image-set',
  name: 'two pixels',
  pixels: Uint8Array.of(0, 51, 255, 102, 153, 204),
  labels: Int32Array.of(0, 1),
  count: 2,
  height: 1,
  width: 1,
  channels: 3,
  classNames: ['a', 'b'],
};

describe('expectImages', () => {
  it('accepts images whose sizes agree', () => expect(() => expectImages('images', set)).not.toThrow());

  it.each([
    [{ count: 3 }, 'Expected images.pixels to hold 9 values (3 x 1 x 1 x 3), got 6'],
    [{ labels: Int32Array.of(0) }, 'Expected images.labels to hold 2 values, one an image, got 1'],
    [{ labels: Int32Array.of(0, 2) }, 'Expected images.labels to be from 0 to 1, got 2 at image 1'],
    [{ channels: 0 }, 'Expected images.channels to be an integer from 1 to 4, got 0'],
    [{ height: 1.5 }, 'Expected images.height to be an integer >= 1, got 1.5'],
  ])('refuses %o and says why', (change, message) => {
    expect(() => expectImages('images', { ...set, ...change })).toThrow(new InputError(message));
  });
});

describe('preprocess', () => {
  it('maps 0..255 to [0, 1] unless told otherwise', () => {
    expect([...preprocess(set)]).toEqual(
      [0, 51, 255, 102, 153, 204].map((value) => Math.fround(value / 255)),
    );
    expect([...preprocess(set, UNIT_RANGE)]).toEqual([...preprocess(set)]);
  });

  it('takes a mean and a std a channel, and a part of the images', () => {
    const byChannel = { scale: 1 / 51, mean: [0, 1, 2], std: [1, 2, 4] };
    expect([...preprocess(set, byChannel, { start: 1 })]).toEqual([2, 1, 0.5]);
  });

  it('leaves values as they are under IDENTITY', () => {
    expect([...preprocess(set, IDENTITY)]).toEqual([...set.pixels]);
  });

  it('refuses a list that fits no channel, and a std of 0', () => {
    expect(() => preprocess(set, { scale: 1, mean: [0, 0], std: [1] })).toThrow(
      'Expected preprocessing.mean to be 1 or 3 numbers, got 0,0',
    );
    expect(() => preprocess(set, { scale: 1, mean: [0], std: [0] })).toThrow('preprocessing.std');
  });
});
