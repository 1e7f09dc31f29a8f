import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../src/folder.js';

const jpeg = Uint8Array.from(readFileSync(new URL('fixtures/three-by-two.jpg', import.meta.url)));

interface Note {
  orientation: number;
  isLittle?: boolean;
  type?: number;
  count?: number;
}

/** A segment of Exif with two entries, the second one the orientation. */
function segmentOf({ orientation, isLittle = false, type = 3, count = 1 }: Note): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(8 + 2 + 2 * 12 + 4));
  tiff.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, isLittle);
  tiff.setUint32(4, 8, isLittle);
  tiff.setUint16(8, 2, isLittle);
  const entry = (at: number, tag: number, value: number) => {
    tiff.setUint16(at, tag, isLittle);
    tiff.setUint16(at + 2, type, isLittle);
    tiff.setUint32(at + 4, count, isLittle);
    tiff.setUint16(at + 8, value, isLittle);
  };
  entry(10, 0x0106, 7);
  entry(22, 0x0112, orientation);
  const body = [...new TextEncoder().encode('Exif\0\0'), ...new Uint8Array(tiff.buffer)];
  return Uint8Array.of(0xff, 0xe1, 0, body.length + 2, ...body);
}

/** The picture with a segment behind the first one, as cameras put it. */
function noted(segment: Uint8Array): Uint8Array {
  const at = 2 + 2 + ((jpeg[4] << 8) | jpeg[5]);
  return Uint8Array.of(...jpeg.subarray(0, at), ...segment, ...jpeg.subarray(at));
}

const upright = (note: Note) => decodeImage(noted(segmentOf(note)), 'a.jpg', { isUpright: true });

const asItLies = decodeImage(jpeg);

/** Where Pillow's ImageOps.exif_transpose puts the pixels 0 to 5 of an image 3 wide and 2 high. */
const turned: Readonly<Record<number, { width: number; order: readonly number[] }>> = {
  1: { width: 3, order: [0, 1, 2, 3, 4, 5] },
  2: { width: 3, order: [2, 1, 0, 5, 4, 3] },
  3: { width: 3, order: [5, 4, 3, 2, 1, 0] },
  4: { width: 3, order: [3, 4, 5, 0, 1, 2] },
  5: { width: 2, order: [0, 3, 1, 4, 2, 5] },
  6: { width: 2, order: [3, 0, 4, 1, 5, 2] },
  7: { width: 2, order: [5, 2, 4, 1, 3, 0] },
  8: { width: 2, order: [2, 5, 1, 4, 0, 3] },
};
const expectedOf = (orientation: number) => {
  const { width, order } = turned[orientation];
  const pixels = Uint8Array.from(order.flatMap((at) => [...asItLies.pixels.subarray(3 * at, 3 * at + 3)]));
  return { width, height: 6 / width, pixels };
};

describe('decodeImage', () => {
  it('has an image to turn whose pixels can be told apart', () => {
    expect([asItLies.width, asItLies.height]).toEqual([3, 2]);
    const pixels = Array.from({ length: 6 }, (_, i) => asItLies.pixels.subarray(3 * i, 3 * i + 3).join());
    expect(new Set(pixels).size).toBe(6);
  });

  it.each([false, true])(
    'turns a JPEG as its camera noted, if it is to stand upright (little endian: %s)',
    (isLittle) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const note = { orientation, isLittle };
        expect(upright(note)).toEqual(expectedOf(orientation));
        expect(decodeImage(noted(segmentOf(note)))).toEqual(asItLies);
      }
    },
  );

  it('finds the note behind bytes 255 that fill the place before its marker', () => {
    const filled = Uint8Array.of(0xff, 0xff, ...segmentOf({ orientation: 6 }));
    expect(decodeImage(noted(filled), 'a.jpg', { isUpright: true })).toEqual(expectedOf(6));
  });

  it('leaves it as it lies where there is no note that can be read', () => {
    expect(decodeImage(jpeg, 'a.jpg', { isUpright: true })).toEqual(asItLies);
    for (const note of [
      { orientation: 0 },
      { orientation: 9 },
      { orientation: 6, type: 4 },
      { orientation: 6, count: 2 },
    ])
      expect(upright(note)).toEqual(asItLies);
    const whole = segmentOf({ orientation: 6 });
    for (let length = 10; length < 33; length++) {
      const cut = Uint8Array.of(0xff, 0xe1, 0, length - 2, ...whole.subarray(4, length));
      expect(decodeImage(noted(cut), 'a.jpg', { isUpright: true })).toEqual(asItLies);
    }
    // A directory that is said to lie behind the end.
    const far = segmentOf({ orientation: 6 });
    far[14] = 0x7f;
    expect(decodeImage(noted(far), 'a.jpg', { isUpright: true })).toEqual(asItLies);
  });
});
