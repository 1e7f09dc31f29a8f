import { describe, expect, it } from 'vitest';
import { fitToInput, luminance, resizeImage, type DecodedImage } from '../../src/folder.js';

/** An image whose pixels all differ from their neighbors. */
const gradient = (height: number, width: number): DecodedImage => ({
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => (37 * i) % 256),
  height,
  width,
});

describe('fitToInput', () => {
  it('center-crops and resizes each image, one after another', () => {
    const images = [gradient(9, 14), gradient(20, 6)];
    const pixels = fitToInput(images, { height: 4, width: 5, channels: 3 });
    const expected = images.map(
      (image) => resizeImage(image, { height: 4, width: 5, fit: 'center-crop' }).pixels,
    );
    expect([...pixels]).toEqual(expected.flatMap((values) => [...values]));
  });

  it('converts to luminance for one channel', () => {
    const image = gradient(4, 4);
    expect(fitToInput([image], { height: 4, width: 4, channels: 1 })).toEqual(luminance(image.pixels));
  });

  it('returns no pixels for no images', () => {
    expect(fitToInput([], { height: 4, width: 4, channels: 3 })).toHaveLength(0);
  });

  it.each([
    [{ height: 0, width: 4, channels: 3 }, 'Expected height to be an integer >= 1, got 0'],
    [{ height: 4, width: 4, channels: 2 }, 'Expected channels to be 1 or 3, got 2'],
  ])('refuses %o', (options, message) => {
    expect(() => fitToInput([], options)).toThrow(message);
  });
});
