import { InputError } from '@convlens/core';
import { crc32 } from '@convlens/formats';

const SIGNATURE_BYTES = 8;
/** The length and the type before the data of a chunk, and the CRC-32 after it. */
const CHUNK_OVERHEAD_BYTES = 12;
/** The signature and the first chunk, IHDR. */
const HEADER_BYTES = 33;
const IHDR = 0x49484452;

/** The chunks that are read. Some others unpack to any size, and none of them is needed. */
const READ_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'eXIf', 'IDAT'];

export const INDEXED = 3;

/** Of each color type: the samples of a pixel, and the bits that a sample may have (PNG, table 11.1). */
const COLOR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  [INDEXED]: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

export interface PngLimits {
  /** The name of the file in messages. */
  readonly name: string;
  readonly maxPixels: number;
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colorType: number;
  /** Samples of a pixel. */
  readonly channels: number;
  readonly isInterlaced: boolean;
}

/** The header of a PNG, and the data of the chunks that are read. */
export interface PngChunks {
  readonly header: PngHeader;
  readonly palette?: Uint8Array;
  /** The alpha of each color of a palette, or the samples of the color that is transparent, two bytes each. */
  readonly transparency?: Uint8Array;
  readonly exif?: Uint8Array;
  /** The parts of the packed pixels. */
  readonly packed: readonly Uint8Array[];
}

type Fail = (expected: string, found: string) => never;

/**
 * Reads the chunks of a PNG, before memory is reserved for its pixels.
 *
 * @throws InputError if the image is too large, ends early, has no palette where it needs one, or a chunk has a wrong CRC-32.
 */
export function readPngChunks(bytes: Uint8Array, { name, maxPixels }: PngLimits): PngChunks {
  const fail: Fail = (expected, found) => {
    throw new InputError(`${name}: expected ${expected}, found ${found}`);
  };
  const header = readHeader(bytes, maxPixels, fail);
  const chunks = readChunks(bytes, fail);
  const find = (type: string) => chunks.find((chunk) => chunk.type === type)?.data;
  const palette = find('PLTE');
  if (header.colorType === INDEXED && palette === undefined) fail('a palette (PLTE)', 'none');
  return {
    header,
    palette,
    transparency: find('tRNS'),
    exif: find('eXIf'),
    packed: chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data),
  };
}

function readHeader(bytes: Uint8Array, maxPixels: number, fail: Fail): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || view.getUint32(12) !== IHDR) fail('the header of a PNG (IHDR)', 'none');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  const [depth, colorType, compression, filter, interlace] = bytes.subarray(24);
  const type = COLOR_TYPES[colorType];
  if (!type?.depths.includes(depth))
    fail('a color type and a bit depth of a PNG', `color type ${colorType} with ${depth} bits`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    fail('compression 0, filter 0 and interlace 0 or 1', `${compression}, ${filter} and ${interlace}`);
  return { width, height, depth, colorType, channels: type.channels, isInterlaced: interlace === 1 };
}

/** The chunks that are read, up to IEND. */
function readChunks(bytes: Uint8Array, fail: Fail): { type: string; data: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: { type: string; data: Uint8Array }[] = [];
  for (let start = SIGNATURE_BYTES, type = ''; type !== 'IEND';) {
    if (start + CHUNK_OVERHEAD_BYTES > bytes.length) fail(`a chunk at byte ${start}`, 'the end of the file');
    const length = view.getUint32(start);
    if (length > bytes.length - start - CHUNK_OVERHEAD_BYTES)
      fail(`${length} bytes at byte ${start + 8}`, 'the end of the file');
    const end = start + CHUNK_OVERHEAD_BYTES + length;
    type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    if (READ_CHUNKS.includes(type)) {
      if (crc32(bytes.subarray(start + 4, end - 4)) !== view.getUint32(end - 4))
        fail(`the CRC-32 of the chunk ${type} at byte ${start}`, 'another one: the file is damaged');
      chunks.push({ type, data: bytes.subarray(start + 8, end - 4) });
    }
    start = end;
  }
  return chunks;
}
