import { describe, expect, it } from 'vitest';
import { decodeImage, readImage } from '../../src/folder.js';
import { otherImageFile, otherImages } from './fixtures.js';
import { withExifChunk } from './webp-of.js';

const u2 = (value: number) => [value & 255, value >> 8];
/** A file with other bytes at a position. */
const withBytes = (file: Uint8Array, at: number, ...bytes: number[]) => {
  const changed = file.slice();
  changed.set(bytes, at);
  return changed;
};
const positionOf = (file: Uint8Array, byte: number, from: number) => file.indexOf(byte, from);

const gif = otherImageFile('GIF');
const bmp = otherImageFile('BMP, 24 bits');
const runs = otherImageFile('BMP, 8 bits, run lengths');
const indexed = otherImageFile('BMP, 4 bits, header of 40');
const webp = otherImageFile('WebP, lossy');
/** The frame of the GIF, behind its palette of 16 colors. */
const FRAME = positionOf(gif, 0x2c, 13 + 3 * 16);

describe('readImage', () => {
  it.each(Object.keys(otherImages))('reads the pixels that Pillow reads: %s', async (name) => {
    const { width, height, pixels } = otherImages[name];
    const image = await readImage(otherImageFile(name));
    expect([image.width, image.height]).toEqual([width, height]);
    expect([...image.pixels]).toEqual([...Buffer.from(pixels, 'base64')]);
  });

  it.each([
    'GIF, transparent',
    'GIF, transparent, a larger screen',
    'BMP, 32 bits, alpha',
    'WebP, lossless, alpha',
  ])('lays transparent pixels on the background: %s', async (name) => {
    const black = (await readImage(otherImageFile(name))).pixels;
    const white = (await readImage(otherImageFile(name), { background: [255, 255, 255] })).pixels;
    const red = (await readImage(otherImageFile(name), { background: [255, 0, 0] })).pixels;
    const differences = [...black].map((value, i) => white[i] - value);
    expect(Math.max(...differences)).toBeGreaterThan(200);
    // The alpha of a pixel is the same for its three channels, so red over white shows in green and blue alone.
    red.forEach((value, i) => expect(value).toBe(i % 3 === 0 ? white[i] : black[i]));
  });

  it('rotates a WebP by its EXIF orientation where that is asked for', async () => {
    const rotated = withExifChunk(webp, 6);
    const upright = await readImage(rotated, { applyExifOrientation: true });
    const { width, height } = await readImage(rotated);
    expect([upright.width, upright.height]).toEqual([height, width]);
  });

  it('reads a PNG and a JPEG as decodeImage does, which refuses a WebP', async () => {
    expect(await readImage(gif)).toEqual(decodeImage(gif));
    expect(() => decodeImage(webp, { name: 'a.webp' })).toThrow(
      'a.webp: expected a PNG, JPEG, GIF or BMP, found a WebP image, which readImage decodes',
    );
  });

  it.each<[string, Uint8Array, string]>([
    ['a GIF without a frame', gif.subarray(0, FRAME), 'a frame, found the end of the file'],
    ['a GIF that is cut', gif.subarray(0, gif.length - 60), '551 pixels, found data for'],
    ['a GIF without pixels', withBytes(gif, FRAME + 5, 0, 0), 'an image of 1 to 64000000 pixels, found'],
    ['a GIF that is too large for its data', withBytes(gif, 6, ...u2(60_000), ...u2(1000)), 'data for 60000 x 1000 pixels, found'],
    ['a GIF with codes of 9 bits', withBytes(gif, FRAME + 10, 9), 'codes of 1 to 8 bits, found 9'],
    ['a GIF with a palette of 2 colors', withBytes(gif, 10, gif[10] & 0xf8), 'expected'],
    ['a BMP that is cut', bmp.subarray(0, bmp.length - 9), 'bytes for 13 x 7 pixels, found'],
    ['a BMP of 5 bits', withBytes(bmp, 28, 5), '1, 4, 8, 16, 24 or 32 bits per pixel, found 5'],
    ['a BMP that holds a JPEG', withBytes(bmp, 30, 4), 'the compression 0 of 24 bits per pixel, found 4'],
    ['a BMP without a header', bmp.subarray(0, 20), 'a header of 12 or at least 40 bytes, found 40'],
    ['a BMP that is too large', withBytes(bmp, 18, 255, 255, 255, 7), 'an image of 1 to 64000000 pixels, found'],
    ['a BMP with too few colors', withBytes(indexed, 10, indexed[10] - 56), 'indices of a palette of 2 colors, found'],
    ['a BMP of run lengths that is cut', runs.subarray(0, runs.length - 20), 'data for all rows, found an end in row 6 of 7'],
    ['a WebP that is cut', webp.subarray(0, webp.length - 20), 'VP8 data, found the end of the file'],
    ['a WebP that is damaged', withBytes(webp, 23, 0, 0, 0), 'a WebP image, found a damaged one'],
    ['an animated WebP', withBytes(otherImageFile('WebP, lossy, alpha'), 20, 0x12), 'a WebP of one image, found an animation'],
    ['a WebP without data', webp.subarray(0, 12), 'the size of a WebP, found none'],
  ])('refuses %s', async (_, bytes, message) => {
    const read = readImage(bytes, { name: 'a' });
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toThrow(/^a: expected/);
  }); // prettier-ignore
});
