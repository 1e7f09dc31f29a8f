import type { ImageFail } from '../image-fail.js';
import type { BmpHeader } from './bmp-header.js';

/** What the byte behind a 0 stands for; larger ones are counts of pixels that follow one by one. */
const END_OF_ROW = 0;
const END_OF_IMAGE = 1;
const MOVE = 2;

/** Reads indices of 4 or 8 bits that are compressed by run lengths. Pixels that are left out have the index 0. */
export function readBmpRuns(
  bytes: Uint8Array,
  { width, height, bitsPerPixel, start, isTopDown }: BmpHeader,
  fail: ImageFail,
): Uint8Array {
  const indices = new Uint8Array(width * height);
  const isHalf = bitsPerPixel === 4;
  let [x, y] = [0, 0];
  const put = (index: number) => {
    if (x < width && y < height) indices[(isTopDown ? y : height - 1 - y) * width + x] = index;
    x++;
  };
  /** The pixel at a position of bytes with one or two pixels each, the upper half first. */
  const pixel = (byte: number, i: number) => (isHalf ? ((i & 1) === 0 ? byte >> 4 : byte & 15) : byte);
  let at = start;
  while (y < height) {
    if (at + 2 > bytes.length) fail('data for all rows', `an end in row ${y + 1} of ${height}`);
    const count = bytes[at++];
    const value = bytes[at++];
    if (count > 0) for (let i = 0; i < count; i++) put(pixel(value, i));
    else if (value === END_OF_IMAGE) break;
    else if (value === END_OF_ROW) [x, y] = [0, y + 1];
    else if (value === MOVE) [x, y, at] = [x + (bytes[at] ?? 0), y + (bytes[at + 1] ?? 0), at + 2];
    else {
      const size = isHalf ? (value + 1) >> 1 : value;
      if (at + size > bytes.length) fail('data for all rows', `an end in row ${y + 1} of ${height}`);
      for (let i = 0; i < value; i++) put(pixel(bytes[at + (isHalf ? i >> 1 : i)], i));
      // They fill whole pairs of bytes.
      at += size + (size & 1);
    }
  }
  return indices;
}
