/** So many additions stay below 2^32. */
const RUN_WORDS = 360;

/** Adds the upper 16 bits to the lower ones: a remainder modulo 65535 that may be 65535 itself. */
const fold = (sum: number) => (sum & 0xffff) + (sum >>> 16);

/**
 * The Fletcher-32 of bytes as HDF5 computes it (H5_checksum_fletcher32): over words of 16 bits, the upper byte first; an odd
 * last byte is an upper byte.
 */
export function fletcher32(bytes: Uint8Array): number {
  let sum = 0;
  let sumOfSums = 0;
  const evenLength = bytes.length & ~1;
  for (let start = 0; start < evenLength; start += 2 * RUN_WORDS) {
    const end = Math.min(evenLength, start + 2 * RUN_WORDS);
    for (let i = start; i < end; i += 2) sumOfSums += sum += (bytes[i] << 8) | bytes[i + 1];
    [sum, sumOfSums] = [fold(sum), fold(sumOfSums)];
  }
  if (bytes.length > evenLength) {
    sumOfSums += sum += bytes[evenLength] << 8;
    [sum, sumOfSums] = [fold(sum), fold(sumOfSums)];
  }
  return fold(sumOfSums) * 65536 + fold(sum);
}

/** A checksum with the bytes of each word swapped, as HDF5 before 1.6.3 wrote it on little-endian machines. */
export const withSwappedBytes = (checksum: number): number =>
  (((checksum & 0x00ff00ff) << 8) | ((checksum >>> 8) & 0x00ff00ff)) >>> 0;
