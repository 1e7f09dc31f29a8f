import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/folder.js';
import { expected, imageFile, imageNames } from './fixtures.js';
import { pngOf } from './png-of.js';

describe('decodeImage', () => {
  it.each(imageNames)('reads %s as Pillow does', (name) => {
    const { pixels, width, height } = decodeImage(imageFile(name), { name });
    const reference = expected.images[name];
    expect([width, height]).toEqual(reference.size);
    expect([...pixels]).toEqual(reference.pixels);
  });

  it('describes a file that is no image, a damaged one and one that is too large', () => {
    expect(() => decodeImage(Uint8Array.of(71, 73, 70, 56), { name: 'a.png' })).toThrow(
      'a.png: expected a PNG or a JPEG, found a file that begins with 47 49 46 38',
    );
    expect(() => decodeImage(new Uint8Array(0))).toThrow(
      'image: expected a PNG or a JPEG, found a file that begins with nothing',
    );
    expect(() => decodeImage(imageFile('rgb.png').slice(0, 200), { name: 'a.png' })).toThrow(
      /a\.png: expected .*found/,
    );
    const huge = imageFile('rgb.png');
    huge.set([0, 1, 0, 0, 0, 1, 0, 0], 16);
    expect(() => decodeImage(huge, { name: 'a.png' })).toThrow(
      'expected an image of 1 to 64000000 pixels, found 65536 x 65536',
    );
  });

  it('makes the transparent color of a PNG black', () => {
    const gray = pngOf({ width: 2, rows: [[200, 100]], chunks: [['tRNS', [0, 200]]] });
    expect([...decodeImage(gray).pixels]).toEqual([0, 0, 0, 100, 100, 100]);
    const color = pngOf({
      width: 3,
      colorType: 2,
      rows: [[1, 2, 3, 1, 2, 4, 1, 2, 3]],
      chunks: [['tRNS', [0, 1, 0, 2, 0, 3]]],
    });
    expect([...decodeImage(color).pixels]).toEqual([0, 0, 0, 1, 2, 4, 0, 0, 0]);
  });

  it('shows a background through transparent pixels', () => {
    const colors = [
      [0, 0, 0],
      [255, 255, 255],
      [200, 100, 50],
      [1, 2, 3],
      [0, 255, 0],
    ] as const;
    for (const background of colors) {
      const decode = (bytes: Uint8Array) => [...decodeImage(bytes, { background }).pixels];
      /** A fifth and all of the color. */
      const blend = (color: number, c: number) => Math.round(0.2 * color + 0.8 * background[c]);
      const rgba = pngOf({
        width: 3,
        colorType: 6,
        rows: [[10, 20, 30, 51, 10, 20, 30, 255, 10, 20, 30, 0]],
      });
      expect(decode(rgba)).toEqual([blend(10, 0), blend(20, 1), blend(30, 2), 10, 20, 30, ...background]);
      const grayAlpha = pngOf({ width: 2, colorType: 4, rows: [[90, 51, 90, 0]] });
      expect(decode(grayAlpha)).toEqual([blend(90, 0), blend(90, 1), blend(90, 2), ...background]);
      const transparentGray = pngOf({ width: 2, rows: [[200, 100]], chunks: [['tRNS', [0, 200]]] });
      expect(decode(transparentGray)).toEqual([...background, 100, 100, 100]);
      const palette = pngOf({
        width: 2,
        colorType: 3,
        rows: [[0, 1]],
        chunks: [
          ['PLTE', [9, 8, 7, 6, 5, 4]],
          ['tRNS', [0, 255]],
        ],
      });
      expect(decode(palette)).toEqual([...background, 6, 5, 4]);
    }
    for (const background of [[0, 0], [0, 0, 256], [0, 0, 0.5], 'white'])
      expect(() => decodeImage(imageFile('rgb.png'), { background: background as never })).toThrow(
        /^Expected background/,
      );
  });

  it('ignores the palette that a PNG suggests for old screens', () => {
    const suggested = pngOf({ width: 1, colorType: 2, rows: [[1, 2, 3]], chunks: [['PLTE', [9, 9, 9]]] });
    expect([...decodeImage(suggested).pixels]).toEqual([1, 2, 3]);
  });

  it('refuses an image with less data than its size needs, or far more', () => {
    const decode = (bytes: Uint8Array, name = 'a.png') => decodeImage(bytes, { name });
    expect(() => decode(pngOf({ width: 2, height: 2, rows: [[1, 2]] }))).toThrow(
      'a.png: expected 6 bytes of data for 2 x 2 pixels, found 3',
    );
    const zeros = new Array<number>(100_000).fill(0);
    expect(() => decode(pngOf({ width: 2, rows: [zeros] }))).toThrow('2 x 1 pixels, found more than');
    const small = imageFile('baseline.jpg');
    small.set([0x20, 0, 0x10, 0], small.findIndex((_, i) => small[i] === 0xff && small[i + 1] === 0xc0) + 5);
    expect(() => decode(small, 'a.jpg')).toThrow(
      /a\.jpg: expected data for 4096 x 8192 pixels, found [\d]+ bytes/,
    );
  });

  it('does not unpack a color profile, however large it is', () => {
    const image = pngOf({ width: 1, rows: [[7]], chunks: [['iCCP', [65, 0, 0, 1, 2, 3]]] });
    expect([...decodeImage(image).pixels]).toEqual([7, 7, 7]);
  });

  it('refuses a JPEG with so many scans that decoding would take minutes', () => {
    const jpeg = imageFile('progressive.jpg');
    const start = jpeg.findIndex((_, i) => jpeg[i] === 0xff && jpeg[i + 1] === 0xda);
    const scan = jpeg.subarray(start, jpeg.length - 2);
    const many = Uint8Array.from([
      ...jpeg.subarray(0, start),
      ...new Array(20).fill([...scan]).flat(),
      0xff,
      0xd9,
    ]);
    expect(() => decodeImage(many, { name: 'a.jpg' })).toThrow(
      'a.jpg: expected at most 100 scans, found more',
    );
  });
});
