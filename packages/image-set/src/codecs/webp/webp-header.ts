import type { ImageFail } from '../image-fail.js';
import type { ImageLimits } from '../image-limits.js';

const CHUNK_HEADER_BYTES = 8;
const FIRST_CHUNK = 12;
/** Flags of an extended file. */
const ANIMATION = 2;

/** What is read of a WebP file before it is decoded. */
export interface WebpHeader {
  readonly width: number;
  readonly height: number;
  /** The TIFF data of its metadata. */
  readonly exif?: Uint8Array;
}

/** Reads the size and the metadata of a WebP file, before memory is reserved for its pixels. */
export function readWebpHeader(bytes: Uint8Array, { maxPixels }: ImageLimits, fail: ImageFail): WebpHeader {
  let size: { width: number; height: number } | undefined;
  let exif: Uint8Array | undefined;
  for (const { kind, body, isWhole } of chunksOf(bytes)) {
    if (!isWhole) fail(`${kind.trim()} data`, 'the end of the file');
    if (kind === 'VP8X' && (body[0] & ANIMATION) !== 0) fail('a WebP of one image', 'an animation');
    if (kind === 'EXIF') exif = body;
    size ??= SIZES[kind]?.(body);
  }
  if (!size) return fail('the size of a WebP', 'none');
  const { width, height } = size;
  if (!(width >= 1 && height >= 1 && width * height <= maxPixels))
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  return { width, height, exif };
}

function* chunksOf(bytes: Uint8Array): Generator<{ kind: string; body: Uint8Array; isWhole: boolean }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = FIRST_CHUNK; at + CHUNK_HEADER_BYTES <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER_BYTES;
    const kind = String.fromCharCode(...bytes.subarray(at, at + 4));
    yield { kind, body: bytes.subarray(start, start + length), isWhole: start + length <= bytes.length };
    at = start + length + (length & 1);
  }
}

const u2 = (body: Uint8Array, at: number) => body[at] | (body[at + 1] << 8);
const u3 = (body: Uint8Array, at: number) => u2(body, at) | (body[at + 2] << 16);

/** Where chunks of each kind hold the size: 24, 14 and 14 bits for each side. */
const SIZES: Readonly<Partial<Record<string, (body: Uint8Array) => { width: number; height: number }>>> = {
  VP8X: (body) => ({ width: u3(body, 4) + 1, height: u3(body, 7) + 1 }),
  'VP8 ': (body) => ({ width: u2(body, 6) & 0x3fff, height: u2(body, 8) & 0x3fff }),
  VP8L: (body) => ({
    width: (u2(body, 1) & 0x3fff) + 1,
    height: ((u3(body, 2) >> 6) & 0x3fff) + 1,
  }),
};
