import type { ImageFail } from '../image-fail.js';

const MAX_CODE_BITS = 12;
const MAX_CODES = 2 ** MAX_CODE_BITS;

/** Decodes `count` indices that are compressed with variable-length codes (LZW). */
export function readGifCodes(
  data: Uint8Array,
  { firstBits, count, fail }: { firstBits: number; count: number; fail: ImageFail },
): Uint8Array {
  const indices = new Uint8Array(count);
  const clear = 1 << firstBits;
  const end = clear + 1;
  // The sequence of a code: that of another code, and one more index.
  const prefixes = new Uint16Array(MAX_CODES);
  const lasts = Uint8Array.from({ length: MAX_CODES }, (_, code) => (code < clear ? code : 0));
  const lengths = new Uint16Array(MAX_CODES).fill(1);
  let [size, bits, previous, filled] = [end + 1, firstBits + 1, -1, 0];
  let [buffer, buffered, at] = [0, 0, 0];
  while (filled < count) {
    for (; buffered < bits; buffered += 8) {
      if (at >= data.length) fail(`${count} pixels`, `data for ${filled}`);
      buffer |= data[at++] << buffered;
    }
    const code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    buffered -= bits;
    if (code === clear) {
      [size, bits, previous] = [end + 1, firstBits + 1, -1];
      continue;
    }
    if (code === end) fail(`${count} pixels`, `data for ${filled}`);
    if (code > size || (code === size && previous < 0)) fail('a code of the table', `${code}`);
    // A code that is not in the table yet repeats the previous sequence and its first index.
    const known = code < size ? code : previous;
    const length = lengths[known];
    let from = known;
    for (let to = filled + length - 1; to >= filled; to--) {
      if (to < count) indices[to] = lasts[from];
      from = prefixes[from];
    }
    const first = indices[filled];
    filled += length;
    if (code === size && filled < count) indices[filled] = first;
    if (code === size) filled++;
    if (previous >= 0 && size < MAX_CODES) {
      [prefixes[size], lasts[size], lengths[size]] = [previous, first, lengths[previous] + 1];
      size++;
      if (size === 1 << bits && bits < MAX_CODE_BITS) bits++;
    }
    previous = code;
  }
  return indices;
}
