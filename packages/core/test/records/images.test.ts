import { describe, expect, it } from 'vitest';
import {
  defaultClassNames,
  expectImages,
  imageIndex,
  imagePosition,
  InputError,
  pixelsOf,
  selectImages,
  type ImageBatch,
} from '../../src/index.js';
import { twoPixels } from './two-pixels.js';

/** A batch of images 7, 2 and 9 of a set, 1 x 2 pixels each, whose values are 10 x index + position. */
const batch: ImageBatch = {
  kind: 'image-batch',
  name: 'batch',
  epoch: 1,
  step: 2,
  pixels: Float32Array.of(70, 71, 20, 21, 90, 91),
  labels: Int32Array.of(1, 0, 1),
  targets: Float32Array.of(0, 1, 1, 0, 0.5, 0.5),
  indices: Uint32Array.of(7, 2, 9),
  count: 3,
  height: 1,
  width: 2,
  channels: 1,
  classNames: ['a', 'b'],
};

describe('expectImages', () => {
  it('accepts images whose sizes agree', () => {
    expect(() => expectImages('images', twoPixels)).not.toThrow();
    expect(() => expectImages('images', { ...twoPixels, labels: undefined })).not.toThrow();
  });

  it.each([
    [{ count: 3 }, 'Expected images.pixels to hold 9 values (3 x 1 x 1 x 3), got 6'],
    [{ count: -1 }, 'Expected images.count to be an integer >= 0, got -1'],
    [{ labels: Int32Array.of(0) }, 'Expected images.labels to hold 2 values, one per image, got 1'],
    [{ labels: Int32Array.of(0, 2) }, 'Expected images.labels to be from 0 to 1, got 2 at image 1'],
    [{ labels: Int32Array.of(-1, 0) }, 'Expected images.labels to be from 0 to 1, got -1 at image 0'],
    [{ channels: 0 }, 'Expected images.channels to be an integer from 1 to 4, got 0'],
    [{ height: 1.5 }, 'Expected images.height to be an integer >= 1, got 1.5'],
    [{ width: 0 }, 'Expected images.width to be an integer >= 1, got 0'],
    [{ pixels: [1] as never }, 'Expected images to be images with pixels, got object'],
  ])('refuses %o and says why', (change, message) => {
    expect(() => expectImages('images', { ...twoPixels, ...change })).toThrow(new InputError(message));
  });

  it('refuses what is not an object', () => {
    expect(() => expectImages('images', null as never)).toThrow('Expected images to be images with pixels');
    expect(() => expectImages('images', 3 as never)).toThrow('got number');
  });
});

describe('imageIndex and imagePosition', () => {
  it('are the indices of a batch and their inverse', () => {
    expect([0, 1, 2].map((position) => imageIndex(batch, position))).toEqual([7, 2, 9]);
    expect([7, 2, 9].map((index) => imagePosition(batch, index))).toEqual([0, 1, 2]);
  });

  it('are the same for images without indices', () => {
    expect(imageIndex(twoPixels, 1)).toBe(1);
    expect(imagePosition(twoPixels, 1)).toBe(1);
  });

  it('refuses an index that the images do not hold', () => {
    expect(() => imagePosition(batch, 3)).toThrow('Expected images to hold image 3, got 7, 2, 9');
    expect(() => imagePosition(twoPixels, 2)).toThrow(
      'Expected images to hold image 2, got the 2 of two pixels',
    );
    expect(() => imagePosition(twoPixels, -1)).toThrow('Expected index to be an integer >= 0, got -1');
  });
});

describe('pixelsOf', () => {
  it('is a view of the pixels of one image', () => {
    const pixels = pixelsOf(twoPixels, 1);
    expect([...pixels]).toEqual([102, 153, 204]);
    expect(pixels.buffer).toBe(twoPixels.pixels.buffer);
  });
});

describe('selectImages', () => {
  it('copies images with their labels, soft labels and indices, in the order of the positions', () => {
    const selected = selectImages(batch, [2, 0, 2]);
    expect(selected).toEqual({
      ...batch,
      count: 3,
      pixels: Float32Array.of(90, 91, 70, 71, 90, 91),
      labels: Int32Array.of(1, 1, 1),
      targets: Float32Array.of(0.5, 0.5, 0, 1, 0.5, 0.5),
      indices: Uint32Array.of(9, 7, 9),
    });
    expect(selected.pixels.buffer).not.toBe(batch.pixels.buffer);
    expect(() => expectImages('selected', selected)).not.toThrow();
  });

  it('selects from a set: the positions are the indices, and coarse labels follow', () => {
    const set = { ...twoPixels, coarseLabels: Int32Array.of(5, 6) };
    const selected = selectImages(set, Uint32Array.of(1));
    expect(selected).toEqual({
      ...set,
      count: 1,
      pixels: Uint8Array.of(102, 153, 204),
      labels: Int32Array.of(1),
      coarseLabels: Int32Array.of(6),
      indices: Uint32Array.of(1),
    });
  });

  it('accepts no positions, and images without labels', () => {
    const selected = selectImages({ ...twoPixels, labels: undefined }, []);
    expect([selected.count, selected.pixels.length, selected.labels]).toEqual([0, 0, undefined]);
  });

  it.each([2, -1, 0.5, NaN])('refuses the position %d', (position) => {
    expect(() => selectImages(twoPixels, [0, position])).toThrow(
      `Expected indices[1] to be an integer from 0 to 1, got ${position}`,
    );
  });
});

describe('defaultClassNames', () => {
  it('numbers the classes from 0', () => {
    expect(defaultClassNames(3)).toEqual(['class 0', 'class 1', 'class 2']);
    expect(defaultClassNames(0)).toEqual([]);
  });
});
