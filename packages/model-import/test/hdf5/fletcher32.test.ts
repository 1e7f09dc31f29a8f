import { describe, expect, it } from 'vitest';
import { fletcher32, withSwappedBytes } from '../../src/hdf5/fletcher32.js';

describe('fletcher32', () => {
  // The words of "abcde" are 6162, 6364 and 6500: their sum and the sum of the sums, modulo 65535.
  it.each([
    ['', 0],
    ['a', 0x61006100],
    ['ab', 0x61626162],
    ['abcd', 0x2629c4c6],
    ['abcde', 0x4ff029c7],
  ])('of %j', (text, checksum) => {
    expect(fletcher32(new TextEncoder().encode(text)).toString(16)).toBe(checksum.toString(16));
  });

  it('of long data agrees with sums of big integers', () => {
    const bytes = Uint8Array.from({ length: 5001 }, (_, i) => (i * 7919) & 0xff);
    let [sum, sumOfSums] = [0n, 0n];
    for (let i = 0; i < bytes.length; i += 2)
      sumOfSums += sum += BigInt((bytes[i] << 8) | (bytes[i + 1] ?? 0));
    const expected = Number(sumOfSums % 65535n) * 65536 + Number(sum % 65535n);
    expect(fletcher32(bytes)).toBe(expected);
  });

  it('has its bytes swapped in old files', () => expect(withSwappedBytes(0x12345678)).toBe(0x34127856));
});
