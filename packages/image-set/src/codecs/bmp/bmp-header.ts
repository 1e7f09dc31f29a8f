import type { ImageFail } from '../image-fail.js';
import type { ImageLimits } from '../image-limits.js';

/** What the numbers of the field "compression" stand for. */
export const BMP_COMPRESSION = { none: 0, runs8: 1, runs4: 2, masks: 3, alphaMasks: 6 } as const;

const FILE_HEADER_BYTES = 14;
/** The size of the oldest header, whose numbers have 2 bytes and whose palette has 3 bytes a color. */
const OLD_HEADER_BYTES = 12;
const HEADER_BYTES = 40;
/** Headers of at least this size hold the mask of alpha. */
const ALPHA_HEADER_BYTES = 56;
/** A byte of runs stands for at most so many pixels. */
const MAX_RUN = 255;

/** The header of a BMP file. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether the first row of the file is the top one. */
  readonly isTopDown: boolean;
  readonly bitsPerPixel: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** 4 bytes a color: blue, green, red and one more. */
  readonly palette: Uint8Array;
  /** The bits of red, green, blue and alpha (0: none) in a pixel of 16 or 32 bits. */
  readonly masks: readonly number[];
}

/** The masks without those of a file, by the bits of a pixel. */
const MASKS: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x03e0, 0x001f, 0],
  32: [0xff0000, 0xff00, 0xff, 0],
};

/** Reads the header of a BMP, before memory is reserved for its pixels. */
export function readBmpHeader(bytes: Uint8Array, { maxPixels }: ImageLimits, fail: ImageFail): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length < FILE_HEADER_BYTES + 4 ? 0 : view.getUint32(FILE_HEADER_BYTES, true);
  const isOld = headerBytes === OLD_HEADER_BYTES;
  if ((!isOld && headerBytes < HEADER_BYTES) || FILE_HEADER_BYTES + headerBytes > bytes.length)
    fail('a header of 12 or at least 40 bytes', `${headerBytes}`);
  const storedHeight = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(storedHeight);
  const bitsPerPixel = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? BMP_COMPRESSION.none : view.getUint32(30, true);
  expectKnown(bitsPerPixel, compression, fail);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  if (width * height > MAX_RUN * bytes.length)
    fail(`data for ${width} x ${height} pixels`, `${bytes.length} bytes`);
  const start = view.getUint32(10, true);
  const masks =
    compression < BMP_COMPRESSION.masks
      ? (MASKS[bitsPerPixel] ?? [])
      : readMasks(view, { headerBytes, compression, fail });
  const palette =
    bitsPerPixel > 8 ? new Uint8Array(0) : readPalette(bytes, { headerBytes, bitsPerPixel, start });
  return { width, height, isTopDown: storedHeight < 0, bitsPerPixel, compression, start, palette, masks };
}

function expectKnown(bitsPerPixel: number, compression: number, fail: ImageFail): void {
  const { none, runs8, runs4, masks, alphaMasks } = BMP_COMPRESSION;
  const compressions: Readonly<Record<number, readonly number[]>> = {
    1: [none],
    4: [none, runs4],
    8: [none, runs8],
    16: [none, masks, alphaMasks],
    24: [none],
    32: [none, masks, alphaMasks],
  };
  const known = compressions[bitsPerPixel] as readonly number[] | undefined;
  if (!known) return fail('1, 4, 8, 16, 24 or 32 bits per pixel', `${bitsPerPixel}`);
  if (!known.includes(compression))
    fail(`the compression ${known.join(' or ')} of ${bitsPerPixel} bits per pixel`, `${compression}`);
}

function readMasks(
  view: DataView,
  { headerBytes, compression, fail }: { headerBytes: number; compression: number; fail: ImageFail },
): number[] {
  const hasAlpha = headerBytes >= ALPHA_HEADER_BYTES || compression === BMP_COMPRESSION.alphaMasks;
  const at = FILE_HEADER_BYTES + HEADER_BYTES;
  if (at + 16 > view.byteLength) fail('the masks of the colors', 'the end of the file');
  return [0, 1, 2, 3].map((i) => (i < 3 || hasAlpha ? view.getUint32(at + 4 * i, true) : 0));
}

/** The colors between the header and the pixels, at most 2^bitsPerPixel. */
function readPalette(
  bytes: Uint8Array,
  { headerBytes, bitsPerPixel, start }: { headerBytes: number; bitsPerPixel: number; start: number },
): Uint8Array {
  const size = headerBytes === OLD_HEADER_BYTES ? 3 : 4;
  const from = FILE_HEADER_BYTES + headerBytes;
  const count = Math.max(0, Math.min(2 ** bitsPerPixel, Math.floor((start - from) / size)));
  return Uint8Array.from({ length: 4 * count }, (_, i) =>
    i % 4 < size ? bytes[from + (i >> 2) * size + (i % 4)] : 0,
  );
}
