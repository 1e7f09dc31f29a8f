import { InputError } from '@convlens/core';
import { Unzlib } from 'fflate';

/** So much of the data is unpacked at a time; deflate packs at best 1,032 to 1. */
const PIECE = 4096;

/** The chunks that make the pixels. Of the others some unpack to any size, and none is asked for. */
const KEPT = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
const INDEXED = 3;

interface Limits {
  /** Names the file in messages. */
  readonly where: string;
  readonly maxPixels: number;
}

/**
 * Looks through a PNG before a decoder reserves memory for it, and returns it with only those chunks that make its pixels.
 *
 * @throws InputError if the image is too large, breaks off, or has less data than it declares, or far more.
 */
export function guardedPng(bytes: Uint8Array, { where, maxPixels }: Limits): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fail = (expected: string, found: string): never => {
    throw new InputError(`${where}: expected ${expected}, found ${found}`);
  };
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) fail('the head of a PNG (IHDR)', 'none');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  const [depth, colour, , , interlaced] = bytes.subarray(24);
  // The decoder takes such pixels for whole bytes.
  if (interlaced && depth < 8)
    fail('8 or 16 bits a sample in an interlaced PNG', `${depth} (save it without interlacing)`);
  const bits = ([1, 0, 3, 1, 2, 0, 4][colour] ?? 0) * depth;
  // Rows begin with a byte of their own, also the fewer but more rows of an interlaced image; some encoders add a little.
  const least = Math.ceil((width * height * bits) / 8);
  const most = 2 * (least + 2 * height) + 4096;

  let unpacked = 0;
  const inflator = new Unzlib((piece) => {
    unpacked += piece.length;
    if (unpacked > most) fail(`${least} bytes of data for ${width} x ${height} pixels`, `more than ${most}`);
  });
  let hasPalette = false;
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8, type = ''; type !== 'IEND';) {
    if (at + 12 > bytes.length) fail(`a chunk at byte ${at}`, 'the end of the file');
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) fail(`${length} bytes at byte ${at + 8}`, 'the end of the file');
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT')
      for (let start = at + 8, end = start + length; start < end; start += PIECE)
        inflator.push(bytes.subarray(start, Math.min(end, start + PIECE)));
    // Images that are not indexed may suggest a palette for poor screens: it says nothing of their pixels.
    if (KEPT.includes(type) && (type !== 'PLTE' || colour === INDEXED))
      kept.push(bytes.subarray(at, at + 12 + length));
    if (type === 'PLTE') hasPalette = true;
    at += 12 + length;
  }
  if (colour === INDEXED && !hasPalette) fail('a palette (PLTE)', 'none');
  inflator.push(new Uint8Array(0), true);
  if (unpacked < least) fail(`${least} bytes of data for ${width} x ${height} pixels`, `${unpacked}`);
  return concatenated(kept);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
