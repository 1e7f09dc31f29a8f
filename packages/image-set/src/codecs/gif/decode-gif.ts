import type { DecodedImage } from '../decoded-image.js';
import { imageFail, type ImageFail } from '../image-fail.js';
import type { DecoderOptions } from '../image-limits.js';
import type { RgbColor } from '../to-rgb.js';
import { readGifCodes } from './gif-codes.js';

/** What a block begins with. */
const EXTENSION = 0x21;
const FRAME = 0x2c;
/** The extension that says the transparent color. */
const GRAPHIC_CONTROL = 0xf9;

/** A code of at least 3 bits stands for at most 4,096 pixels. */
const MAX_PIXELS_PER_BYTE = (8 / 3) * 4096;

/** The first row of each pass of an interlaced image, and the distance of its rows. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/**
 * Decodes a GIF: of an animation the first frame. Around a smaller frame the image is transparent, or has the first color of the
 * palette if there is no transparent one, as in Pillow.
 *
 * @throws InputError if it is damaged or too large.
 */
export function decodeGif(bytes: Uint8Array, { name, maxPixels, background }: DecoderOptions): DecodedImage {
  const fail = imageFail(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u2 = (at: number) =>
    at + 2 > bytes.length ? fail('a frame', 'the end of the file') : view.getUint16(at, true);
  const { at, transparent, globalTable } = findFrame(bytes, fail);
  const [left, top, frameWidth, frameHeight] = [1, 3, 5, 7].map((offset) => u2(at + offset));
  const width = Math.max(u2(6), left + frameWidth);
  const height = Math.max(u2(8), top + frameHeight);
  const flags = bytes[at + 9] ?? 0;
  const hasTable = (flags & 0x80) !== 0;
  const tableEnd = at + 10 + (hasTable ? tableBytes(flags) : 0);
  const table = hasTable ? bytes.subarray(at + 10, tableEnd) : globalTable;
  const count = frameWidth * frameHeight;
  if (count < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  if (width * height > MAX_PIXELS_PER_BYTE * bytes.length)
    fail(`data for ${width} x ${height} pixels`, `${bytes.length} bytes`);
  const firstBits = bytes[tableEnd];
  if (!(firstBits >= 1 && firstBits <= 8)) fail('codes of 1 to 8 bits', `${firstBits}`);
  const data = subBlocks(bytes, tableEnd + 1).data;
  const indices = readGifCodes(data, { firstBits, count, fail });
  const rows = rowOrder(frameHeight, (flags & 0x40) !== 0);
  const pixels = new Uint8Array(3 * width * height);
  const around = transparent < 0 ? table : background;
  if (count < width * height) for (let i = 0; i < pixels.length; i++) pixels[i] = around[i % 3];
  const paint = { pixels, table, transparent, background, fail };
  rows.forEach((y, i) =>
    paintRow(indices.subarray(i * frameWidth, (i + 1) * frameWidth), ((top + y) * width + left) * 3, paint),
  );
  return { width, height, pixels };
}

const tableBytes = (flags: number) => 3 * 2 ** ((flags & 7) + 1);

/** Finds the first frame, and what is said of it before. */
function findFrame(
  bytes: Uint8Array,
  fail: ImageFail,
): { at: number; transparent: number; globalTable: Uint8Array } {
  const flags = bytes[10] ?? 0;
  const tableEnd = 13 + ((flags & 0x80) === 0 ? 0 : tableBytes(flags));
  const globalTable = bytes.subarray(13, tableEnd);
  let transparent = -1;
  let at = tableEnd;
  while (bytes[at] === EXTENSION) {
    if (bytes[at + 1] === GRAPHIC_CONTROL) transparent = (bytes[at + 3] & 1) === 0 ? -1 : bytes[at + 6];
    at = subBlocks(bytes, at + 2).end;
  }
  if (bytes[at] !== FRAME) fail('a frame', at >= bytes.length ? 'the end of the file' : 'none');
  return { at, transparent, globalTable };
}

/** The data of blocks of up to 255 bytes, each after its length, up to one of length 0. */
function subBlocks(bytes: Uint8Array, start: number): { data: Uint8Array; end: number } {
  let at = start;
  const blocks: Uint8Array[] = [];
  while (at < bytes.length && bytes[at] > 0) {
    blocks.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
    at += 1 + bytes[at];
  }
  const data = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let to = 0;
  for (const block of blocks) {
    data.set(block, to);
    to += block.length;
  }
  return { data, end: at + 1 };
}

/** The rows of an image in the order of the file. */
function rowOrder(height: number, isInterlaced: boolean): number[] {
  const passes = isInterlaced ? PASSES : ([[0, 1]] as const);
  return passes.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, i) => first + step * i),
  );
}

interface Paint {
  readonly pixels: Uint8Array;
  readonly table: Uint8Array;
  /** The index of the transparent color; -1: none. */
  readonly transparent: number;
  readonly background: RgbColor;
  readonly fail: ImageFail;
}

function paintRow(
  indices: Uint8Array,
  start: number,
  { pixels, table, transparent, background, fail }: Paint,
): void {
  for (let i = 0, to = start; i < indices.length; i++, to += 3) {
    const from = 3 * indices[i];
    if (indices[i] === transparent) pixels.set(background, to);
    else if (from + 3 > table.length)
      fail(`indices of a palette of ${Math.floor(table.length / 3)} colors`, `${indices[i]}`);
    else {
      pixels[to] = table[from];
      pixels[to + 1] = table[from + 1];
      pixels[to + 2] = table[from + 2];
    }
  }
}
