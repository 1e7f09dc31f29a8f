import { InputError } from '@convlens/core';
import { concatBytes, inflateChunks } from '@convlens/formats';

const SIGNATURE_BYTES = 8;
/** The length and the type before the data of a chunk, and the CRC-32 after it. */
const CHUNK_OVERHEAD_BYTES = 12;
/** The signature and the first chunk, IHDR. */
const HEADER_BYTES = 33;
const IHDR = 0x49484452;

/** The chunks that determine the pixels. Some others unpack to any size, and none of them is needed. */
const PIXEL_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

const INDEXED = 3;
/** The samples per pixel of each color type: gray, color, indexed, gray and alpha, color and alpha. */
const SAMPLES_PER_PIXEL: Readonly<Record<number, number>> = { 0: 1, 2: 3, [INDEXED]: 1, 4: 2, 6: 4 };

export interface PngLimits {
  /** The name of the file in messages. */
  readonly name: string;
  readonly maxPixels: number;
}

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
}

interface PngChunk {
  readonly type: string;
  /** The whole chunk, and its data alone. */
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
}

type Fail = (expected: string, found: string) => never;

/**
 * Checks a PNG before a decoder reserves memory for it, and returns it with only those chunks that determine its pixels.
 *
 * @throws InputError if the image is too large, ends early, or has less data than it declares, or far more.
 */
export function sanitizePng(bytes: Uint8Array, { name, maxPixels }: PngLimits): Uint8Array {
  const fail: Fail = (expected, found) => {
    throw new InputError(`${name}: expected ${expected}, found ${found}`);
  };
  const header = readHeader(bytes, maxPixels, fail);
  const chunks = readChunks(bytes, fail);
  const isIndexed = header.colorType === INDEXED;
  if (isIndexed && !chunks.some(({ type }) => type === 'PLTE')) fail('a palette (PLTE)', 'none');
  expectPixelData(chunks, { name, header, fail });
  // Images that are not indexed may suggest a palette for old screens, which does not change their pixels.
  const kept = chunks.filter(({ type }) => PIXEL_CHUNKS.includes(type) && (type !== 'PLTE' || isIndexed));
  return concatBytes([bytes.subarray(0, SIGNATURE_BYTES), ...kept.map((chunk) => chunk.bytes)]);
}

function readHeader(bytes: Uint8Array, maxPixels: number, fail: Fail): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || view.getUint32(12) !== IHDR) fail('the header of a PNG (IHDR)', 'none');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  const [depth, colorType, , , interlaced] = bytes.subarray(24);
  // fast-png decodes such samples as whole bytes.
  if (interlaced && depth < 8)
    fail('8 or 16 bits per sample in an interlaced PNG', `${depth} (save it without interlacing)`);
  return { width, height, depth, colorType };
}

/** All chunks up to IEND. */
function readChunks(bytes: Uint8Array, fail: Fail): PngChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: PngChunk[] = [];
  for (let start = SIGNATURE_BYTES, type = ''; type !== 'IEND';) {
    if (start + CHUNK_OVERHEAD_BYTES > bytes.length) fail(`a chunk at byte ${start}`, 'the end of the file');
    const length = view.getUint32(start);
    if (length > bytes.length - start - CHUNK_OVERHEAD_BYTES)
      fail(`${length} bytes at byte ${start + 8}`, 'the end of the file');
    const end = start + CHUNK_OVERHEAD_BYTES + length;
    type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    chunks.push({ type, bytes: bytes.subarray(start, end), data: bytes.subarray(start + 8, end - 4) });
    start = end;
  }
  return chunks;
}

/** Unpacks the data of the pixels, without keeping it, and compares its size with that of the image. */
function expectPixelData(
  chunks: readonly PngChunk[],
  { name, header, fail }: { name: string; header: PngHeader; fail: Fail },
): void {
  const { width, height, depth, colorType } = header;
  const bitsPerPixel = (SAMPLES_PER_PIXEL[colorType] ?? 0) * depth;
  const minBytes = Math.ceil((width * height * bitsPerPixel) / 8);
  // Each row begins with a byte for its filter; interlaced images have more, shorter rows; some encoders add a little.
  const maxBytes = 2 * (minBytes + 2 * height) + 4096;
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const expected = `${minBytes} bytes of data for ${width} x ${height} pixels`;
  let unpackedBytes = 0;
  for (const { length } of inflateChunks(packed, { name, maxBytes: Infinity })) {
    unpackedBytes += length;
    if (unpackedBytes > maxBytes) fail(expected, `more than ${maxBytes}`);
  }
  if (unpackedBytes < minBytes) fail(expected, `${unpackedBytes}`);
}
