import { expectInteger, InputError } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { md5Of } from './md5.js';

export interface ReadExactlyOptions {
  /** How long the file must be, in bytes. */
  readonly bytes: number;
  /** The MD5 it is known by, 32 hexadecimal digits. Without it none is computed. */
  readonly md5?: string;
}

export interface ExactBytes {
  readonly bytes: Uint8Array;
  /** The MD5 of these bytes, if one was asked for ... */
  readonly md5?: string;
  /** ... and whether it is the one that was asked for. */
  readonly matches?: boolean;
}

const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/**
 * Reads a file that must be so and so long, which finds a download that broke off. A checksum that differs is no error
 * here: it comes back in `matches`, for the caller to judge.
 *
 * @throws InputError if there is no such file or its length differs: "data/a.bin: expected 30,730,000 bytes, got 12".
 */
export async function readExactly(
  reader: BlobReader,
  name: string,
  { bytes: length, md5 }: ReadExactlyOptions,
): Promise<ExactBytes> {
  expectInteger('bytes', length);
  const bytes = await reader.read(name);
  if (bytes?.length !== length) {
    const got = bytes ? grouped(bytes.length) : 'no such file';
    throw new InputError(`${reader.location}/${name}: expected ${grouped(length)} bytes, got ${got}`);
  }
  if (md5 === undefined) return { bytes };
  const actual = md5Of(bytes);
  return { bytes, md5: actual, matches: actual === md5.toLowerCase() };
}
