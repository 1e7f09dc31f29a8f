import { expectInteger, expectBytes } from '@convlens/core';

/** The polynomial of ISO 3309 (zip, gzip, PNG), its bits reversed. */
const POLYNOMIAL = 0xedb88320;

/** The checksum of each single byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/**
 * The CRC-32 of bytes, as zip, gzip and PNG use it: an integer from 0 to 2^32 - 1.
 *
 * @param crc the checksum of the bytes before these; default 0, for none
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  expectBytes('bytes', bytes);
  expectInteger('crc', crc, { max: 0xffffffff });
  let remainder = ~crc;
  for (let i = 0; i < bytes.length; i++) remainder = TABLE[(remainder ^ bytes[i]) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
