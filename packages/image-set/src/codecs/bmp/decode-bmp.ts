import type { DecodedImage } from '../decoded-image.js';
import { imageFail, type ImageFail } from '../image-fail.js';
import type { DecoderOptions } from '../image-limits.js';
import { toRgb } from '../to-rgb.js';
import { BMP_COMPRESSION, readBmpHeader, type BmpHeader } from './bmp-header.js';
import { readBmpRuns } from './bmp-runs.js';

/**
 * Decodes a BMP of any number of bits per pixel, with a palette, with masks, or compressed by run lengths.
 *
 * @throws InputError if it is damaged, too large, or of another kind.
 */
export function decodeBmp(bytes: Uint8Array, { background, ...limits }: DecoderOptions): DecodedImage {
  const fail = imageFail(limits.name);
  const header = readBmpHeader(bytes, limits, fail);
  const { width, height, bitsPerPixel } = header;
  if (bitsPerPixel <= 8)
    return { width, height, pixels: colorsOf(readIndices(bytes, header, fail), header, fail) };
  const rows = bmpRows(bytes, header, fail);
  const samples = bitsPerPixel === 24 ? readColors(rows, header) : readMasked(rows, header);
  const channels = samples.length / (width * height);
  return { width, height, pixels: toRgb(samples, { channels, depth: 8, background }) };
}

/** The rows of an image from top to bottom, each with the bytes that fill it up to a multiple of 4. */
function bmpRows(
  bytes: Uint8Array,
  { width, height, bitsPerPixel, start, isTopDown }: BmpHeader,
  fail: ImageFail,
): Uint8Array[] {
  const rowBytes = Math.ceil((width * bitsPerPixel) / 8);
  const stride = Math.ceil(rowBytes / 4) * 4;
  // The bytes behind the last row may be left out.
  const needed = start + stride * (height - 1) + rowBytes;
  if (needed > bytes.length) fail(`${needed} bytes for ${width} x ${height} pixels`, `${bytes.length}`);
  return Array.from({ length: height }, (_, y) => {
    const from = start + stride * (isTopDown ? y : height - 1 - y);
    return bytes.subarray(from, from + rowBytes);
  });
}

function readIndices(bytes: Uint8Array, header: BmpHeader, fail: ImageFail): Uint8Array {
  const { width, height, bitsPerPixel, compression } = header;
  if (compression !== BMP_COMPRESSION.none) return readBmpRuns(bytes, header, fail);
  const indices = new Uint8Array(width * height);
  const perByte = 8 / bitsPerPixel;
  const mask = 2 ** bitsPerPixel - 1;
  for (const [y, row] of bmpRows(bytes, header, fail).entries())
    for (let x = 0; x < width; x++) {
      const shift = 8 - bitsPerPixel * ((x % perByte) + 1);
      indices[y * width + x] = (row[Math.floor(x / perByte)] >> shift) & mask;
    }
  return indices;
}

function colorsOf(indices: Uint8Array, { palette }: BmpHeader, fail: ImageFail): Uint8Array {
  const pixels = new Uint8Array(3 * indices.length);
  for (let i = 0, to = 0; i < indices.length; i++, to += 3) {
    const from = 4 * indices[i];
    if (from >= palette.length) fail(`indices of a palette of ${palette.length / 4} colors`, `${indices[i]}`);
    pixels[to] = palette[from + 2];
    pixels[to + 1] = palette[from + 1];
    pixels[to + 2] = palette[from];
  }
  return pixels;
}

function readColors(rows: readonly Uint8Array[], { width }: BmpHeader): Uint8Array {
  const samples = new Uint8Array(3 * width * rows.length);
  let to = 0;
  for (const row of rows)
    for (let x = 0; x < width; x++, to += 3) {
      samples[to] = row[3 * x + 2];
      samples[to + 1] = row[3 * x + 1];
      samples[to + 2] = row[3 * x];
    }
  return samples;
}

/** The samples of pixels of 2 or 4 bytes whose bits masks divide: 3 a pixel, and 4 with alpha. */
function readMasked(rows: readonly Uint8Array[], { width, bitsPerPixel, masks }: BmpHeader): Uint8Array {
  const channels = masks[3] === 0 ? 3 : 4;
  const samples = new Uint8Array(channels * width * rows.length);
  const parts = masks.slice(0, channels).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, max: mask >>> shift };
  });
  let to = 0;
  for (const row of rows) {
    const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    for (let x = 0; x < width; x++)
      for (const { mask, shift, max } of parts) {
        const value = bitsPerPixel === 16 ? view.getUint16(2 * x, true) : view.getUint32(4 * x, true);
        samples[to++] = max === 0 ? 0 : Math.floor((255 * ((value & mask) >>> shift)) / max);
      }
  }
  return samples;
}
