import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/folder.js';
import { exifData, type OrientationTag } from './exif-data.js';

const jpeg = Uint8Array.from(readFileSync(new URL('../fixtures/three-by-two.jpg', import.meta.url)));

/** An Exif segment with the orientation. */
function segmentOf(tag: OrientationTag): Uint8Array {
  const body = [...new TextEncoder().encode('Exif\0\0'), ...exifData(tag)];
  return Uint8Array.of(0xff, 0xe1, 0, body.length + 2, ...body);
}

/** The JPEG with a segment after its first one, where cameras put it. */
function withSegment(segment: Uint8Array): Uint8Array {
  const end = 2 + 2 + ((jpeg[4] << 8) | jpeg[5]);
  return Uint8Array.of(...jpeg.subarray(0, end), ...segment, ...jpeg.subarray(end));
}

const decodeUpright = (bytes: Uint8Array) =>
  decodeImage(bytes, { name: 'a.jpg', applyExifOrientation: true });
const decodeTagged = (tag: OrientationTag) => decodeUpright(withSegment(segmentOf(tag)));

const original = decodeImage(jpeg);

/** The positions to which Pillow's ImageOps.exif_transpose moves the pixels 0 to 5 of an image 3 wide and 2 high. */
const TRANSPOSED: Readonly<Record<number, { width: number; order: readonly number[] }>> = {
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
  const { width, order } = TRANSPOSED[orientation];
  const pixels = Uint8Array.from(order.flatMap((i) => [...original.pixels.subarray(3 * i, 3 * i + 3)]));
  return { width, height: 6 / width, pixels };
};

describe('decodeImage', () => {
  it('has a test image of six different pixels', () => {
    expect([original.width, original.height]).toEqual([3, 2]);
    const pixels = Array.from({ length: 6 }, (_, i) => original.pixels.subarray(3 * i, 3 * i + 3).join());
    expect(new Set(pixels).size).toBe(6);
  });

  it.each([false, true])(
    'applies the EXIF orientation of a JPEG only if asked to (little-endian: %s)',
    (littleEndian) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const tag = { orientation, littleEndian };
        expect(decodeTagged(tag)).toEqual(expectedOf(orientation));
        expect(decodeImage(withSegment(segmentOf(tag)))).toEqual(original);
      }
    },
  );

  it('finds the orientation after fill bytes before its marker', () => {
    const filled = Uint8Array.of(0xff, 0xff, ...segmentOf({ orientation: 6 }));
    expect(decodeUpright(withSegment(filled))).toEqual(expectedOf(6));
  });

  it('leaves an image as it is if it has no orientation that can be read', () => {
    expect(decodeUpright(jpeg)).toEqual(original);
    for (const tag of [
      { orientation: 0 },
      { orientation: 9 },
      { orientation: 6, type: 4 },
      { orientation: 6, count: 2 },
    ])
      expect(decodeTagged(tag)).toEqual(original);
    const whole = segmentOf({ orientation: 6 });
    for (let length = 10; length < 33; length++) {
      const cut = Uint8Array.of(0xff, 0xe1, 0, length - 2, ...whole.subarray(4, length));
      expect(decodeUpright(withSegment(cut))).toEqual(original);
    }
    // A directory whose offset is beyond the end.
    const beyond = segmentOf({ orientation: 6 });
    beyond[14] = 0x7f;
    expect(decodeUpright(withSegment(beyond))).toEqual(original);
  });
});
