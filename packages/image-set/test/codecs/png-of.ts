import { deflateSync } from 'node:zlib';

export interface PngImage {
  readonly width: number;
  /** Default 1. */
  readonly height?: number;
  /** Bits per sample; default 8. */
  readonly depth?: number;
  /** Default 0, gray. */
  readonly colorType?: number;
  /** The filter that each row names; default 0, none. */
  readonly filter?: number;
  /** The bytes of each row. */
  readonly rows: number[][];
  /** Other chunks, before the data. */
  readonly chunks?: readonly (readonly [type: string, data: readonly number[]])[];
}

/** A PNG by its definition (W3C), its rows as they are given. */
export function pngOf(image: PngImage): Uint8Array {
  const { width, height = 1, depth = 8, colorType = 0, filter = 0, rows, chunks = [] } = image;
  const header = [0, 0, 0, width, 0, 0, 0, height, depth, colorType, 0, 0, 0];
  const data = deflateSync(Uint8Array.from(rows.flatMap((row) => [filter, ...row])));
  return new Uint8Array(
    Buffer.concat([
      Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
      chunkOf('IHDR', header),
      ...chunks.map(([type, bytes]) => chunkOf(type, bytes)),
      chunkOf('IDAT', data),
      chunkOf('IEND', []),
    ]),
  );
}

export function chunkOf(type: string, data: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** The CRC-32 of a chunk, a bit at a time. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
