import { InputError } from '@convlens/core';

/** Deflate packs at best 1,032 to 1. */
const BEST_RATIO = 1032;

/**
 * Looks through the chunks of a PNG before a decoder reserves memory for it.
 *
 * @throws InputError if the image is too large, or if its data could unpack to far more than it declares.
 */
export function expectPng(
  bytes: Uint8Array,
  { where, maxPixels }: { where: string; maxPixels: number },
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fail = (expected: string, found: string): never => {
    throw new InputError(`${where}: expected ${expected}, found ${found}`);
  };
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) fail('the head of a PNG (IHDR)', 'none');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  const channels = [1, 0, 3, 1, 2, 0, 4][bytes[25]] ?? 0;
  const declared = height * (1 + Math.ceil((width * channels * bytes[24]) / 8));
  let data = 0;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) fail(`${length} bytes at byte ${at + 8}`, 'the end of the file');
    if (view.getUint32(at + 4) === 0x49444154) data += length;
    at += length + 12;
  }
  // Interlaced rows add a byte each to seven passes.
  const atMost = 2 * declared + 16 * height + 4096;
  if (declared > data * BEST_RATIO) fail(`data for ${width} x ${height} pixels`, `${data} bytes`);
  if (data > atMost) fail(`at most ${atMost} bytes of data for ${width} x ${height} pixels`, `${data}`);
}
