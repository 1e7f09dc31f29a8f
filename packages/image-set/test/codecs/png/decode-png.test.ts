import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/folder.js';
import { exifData } from '../exif-data.js';
import { pngFile, pngs } from '../fixtures.js';
import { chunkOf, pngOf } from '../png-of.js';

/** The signature and the header. */
const HEAD_BYTES = 8 + 12 + 13;

/** A sound PNG, to break. */
const sound = pngOf({ width: 3, height: 2, rows: [[1, 2, 3], [4, 5, 6]] }); // prettier-ignore
const withHeader = (offset: number, value: number) => {
  const header = sound.slice(16, 29);
  header[offset] = value;
  return Uint8Array.from([
    ...sound.subarray(0, 8),
    ...chunkOf('IHDR', header),
    ...sound.subarray(HEAD_BYTES),
  ]);
};

describe('decodeImage', () => {
  it.each(Object.keys(pngs))('reads a PNG as Pillow does: %s', (name) => {
    const { width, height, pixels } = pngs[name];
    const image = decodeImage(pngFile(name));
    expect([image.width, image.height]).toEqual([width, height]);
    expect(Buffer.from(image.pixels).toString('base64')).toBe(pixels);
  });

  it.each([
    ['a color type that there is not', withHeader(9, 5), 'a color type and a bit depth of a PNG, found color type 5 with 8 bits'],
    ['a depth that its color type lacks', withHeader(8, 3), 'a color type and a bit depth of a PNG, found color type 0 with 3 bits'],
    ['another compression', withHeader(10, 1), 'compression 0, filter 0 and interlace 0 or 1, found 1, 0 and 0'],
    ['another interlacing', withHeader(12, 2), 'compression 0, filter 0 and interlace 0 or 1, found 0, 0 and 2'],
    ['a wrong checksum', sound.with(sound.length - 14, 0), 'the CRC-32 of the chunk IDAT at byte 33, found another one'],
    ['no palette', withHeader(9, 3), 'a palette (PLTE), found none'],
    ['a size that its data cannot have', withHeader(1, 1), '/bytes of data for 65539 x 2 pixels, found \\d+ packed ones/'],
    ['no end', sound.subarray(0, sound.length - 12), 'a chunk at byte 61, found the end of the file'],
  ])('refuses a PNG with %s', (_, bytes, message) => {
    const pattern = message.startsWith('/') ? new RegExp(message.slice(1, -1)) : message;
    expect(() => decodeImage(bytes, { name: 'a.png' })).toThrow(pattern);
    expect(() => decodeImage(bytes, { name: 'a.png' })).toThrow('a.png: expected');
  }); // prettier-ignore

  it('refuses an index beyond the palette, and a filter that there is not', () => {
    const palette = ['PLTE', [1, 2, 3, 4, 5, 6]] as const;
    const beyond = pngOf({ width: 2, colorType: 3, rows: [[1, 2]], chunks: [palette] });
    expect(() => decodeImage(beyond)).toThrow('expected indices of a palette of 2 colors, found 2');
    const filter = pngOf({ width: 2, filter: 5, rows: [[1, 2]] });
    expect(() => decodeImage(filter)).toThrow('expected a filter of 0 to 4, found 5');
  });

  it('applies the EXIF orientation of a PNG only if asked to', () => {
    const rows = [[1, 2, 3], [4, 5, 6]]; // prettier-ignore
    const upright: Readonly<Record<number, number[]>> = {
      1: [1, 2, 3, 4, 5, 6],
      2: [3, 2, 1, 6, 5, 4],
      3: [6, 5, 4, 3, 2, 1],
      4: [4, 5, 6, 1, 2, 3],
      5: [1, 4, 2, 5, 3, 6],
      6: [4, 1, 5, 2, 6, 3],
      7: [6, 3, 5, 2, 4, 1],
      8: [3, 6, 2, 5, 1, 4],
    };
    for (const [orientation, pixels] of Object.entries(upright)) {
      const exif = exifData({ orientation: Number(orientation) });
      const png = pngOf({ width: 3, height: 2, rows, chunks: [['eXIf', [...exif]]] });
      const red = (image: { pixels: Uint8Array }) => [...image.pixels].filter((_, i) => i % 3 === 0);
      const rotated = decodeImage(png, { applyExifOrientation: true });
      expect(red(rotated)).toEqual(pixels);
      expect(rotated.width).toBe(Number(orientation) > 4 ? 2 : 3);
      expect(red(decodeImage(png))).toEqual(rows.flat());
    }
    const broken = pngOf({ width: 3, height: 2, rows, chunks: [['eXIf', [77, 77, 0]]] });
    expect(decodeImage(broken, { applyExifOrientation: true })).toEqual(decodeImage(sound));
  });
});
