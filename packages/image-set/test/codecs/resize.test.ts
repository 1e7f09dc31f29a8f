import { describe, expect, it } from 'vitest';
import { centerCrop, decodeImage, resizeImage } from '../../src/folder.js';
import { expected, imageFile, padded } from './fixtures.js';

const image = decodeImage(imageFile('rgb.png'));

describe('resizeImage', () => {
  it.each(Object.keys(expected.resized))('to %s computes the pixels that Pillow computes', (size) => {
    const [width, height] = size.split('x').map(Number);
    expect([...resizeImage(image, { width, height }).pixels]).toEqual(expected.resized[size]);
  });

  it('returns an image of the same size unchanged', () => {
    const { width, height } = image;
    expect(resizeImage(image, { width, height })).toEqual(image);
  });

  it("crops to the center with fit 'center-crop'", () => {
    const square = resizeImage(image, { width: 21, height: 21, fit: 'center-crop' });
    for (let row = 0; row < 21; row++)
      expect([...square.pixels.subarray(row * 63, (row + 1) * 63)]).toEqual([
        ...image.pixels.subarray((row * 34 + 6) * 3, (row * 34 + 27) * 3),
      ]);
  });

  it.each(Object.keys(padded))(
    "to %s with fit 'pad' computes the pixels of Pillow's ImageOps.pad",
    (size) => {
      const [width, height] = size.split('x').map(Number);
      const options = { width, height, fit: 'pad', background: [255, 255, 255] } as const;
      expect([...resizeImage(image, options).pixels]).toEqual(padded[size]);
    },
  );

  it.each([
    [{ width: 0, height: 1 }, 'Expected width to be an integer >= 1, got 0'],
    [{ width: 1, height: 1.5 }, 'Expected height to be an integer >= 1, got 1.5'],
    [
      { width: 1, height: 1, fit: 'contain' as never },
      'Expected fit to be one of stretch, center-crop, pad, got "contain"',
    ],
    [{ width: 1, height: 1, background: [0, 0, 256] as const }, 'Expected background[2] to be an integer'],
  ])('refuses %o', (options, message) => expect(() => resizeImage(image, options)).toThrow(message));
});

describe('centerCrop', () => {
  const target = { height: 32, width: 32 };

  it.each([
    [{ height: 20, width: 30 }, target, { height: 20, width: 20, top: 0, left: 5 }],
    [{ height: 31, width: 20 }, target, { height: 20, width: 20, top: 5, left: 0 }],
    [
      { height: 20, width: 20 },
      { height: 1, width: 2 },
      { height: 10, width: 20, top: 5, left: 0 },
    ],
    [
      { height: 100, width: 1 },
      { height: 1, width: 50 },
      { height: 1, width: 1, top: 49, left: 0 },
    ],
  ])('of %o for %o is %o', (size, wanted, crop) => expect(centerCrop(size, wanted)).toEqual(crop));
});
