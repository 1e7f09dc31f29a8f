import { expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { crc32 } from './crc32.js';
import { inflateSync } from './inflate-sync.js';
import { readZipDirectory, ZipView, type ZipEntry } from './zip-directory.js';

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

export interface ReadZipOptions {
  /** The name of the archive in messages. */
  readonly name: string;
  /** The most bytes that an entry may unpack to. */
  readonly maxBytes: number;
  /** The names of the entries to read; default all. Names that the archive does not have are left out of the result. */
  readonly entries?: readonly string[];
}

const READ_ZIP_OPTIONS: OptionNames<ReadZipOptions> = { name: true, maxBytes: true, entries: true };

/**
 * The files in a zip archive by name, stored or deflated, in the order of the archive; folders are left out. Each has the
 * size and the CRC-32 that the archive declares. Nothing is written to disk, so no path in the archive is followed.
 *
 * @throws InputError if the archive is cut off or damaged, if entries overlap or share a name, or if an entry is encrypted,
 * packed by a method other than deflate, or larger than `maxBytes` when unpacked.
 */
export function readZip(bytes: Uint8Array, options: ReadZipOptions): Map<string, Uint8Array> {
  expectOptions('readZip', options, READ_ZIP_OPTIONS);
  const { name, maxBytes, entries } = options;
  expectInteger('maxBytes', maxBytes);
  const view = new ZipView(bytes, name);
  const directory = readZipDirectory(view);
  if (directory.reduce((sum, { packedBytes }) => sum + packedBytes, 0) > bytes.length)
    throw view.error('entries side by side', 'overlapping entries');
  const files = new Map<string, Uint8Array>();
  for (const entry of directory) {
    const { path } = entry;
    if (path.endsWith('/') || (entries && !entries.includes(path))) continue;
    if (files.has(path)) throw view.error('one entry per name', `two entries ${path}`);
    files.set(path, unpackEntry(view, { entry, maxBytes }));
  }
  return files;
}

function unpackEntry(view: ZipView, { entry, maxBytes }: { entry: ZipEntry; maxBytes: number }): Uint8Array {
  const { flags, method, crc, bytes } = entry;
  const name = `${entry.path} in ${view.name}`;
  if (flags & ENCRYPTED_FLAG) throw new InputError(`Expected ${name} not to be encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw new InputError(`Expected ${name} to be stored or deflated, got compression method ${method}`);
  if (bytes > maxBytes)
    throw new InputError(`Expected ${name} to be at most ${maxBytes} bytes, got more when unpacked`);
  const packed = view.packedBytes(entry);
  const unpacked =
    method === STORED
      ? packed.slice()
      : inflateSync([packed], { name, maxBytes: bytes, format: 'deflate-raw' });
  if (unpacked.length !== bytes)
    throw new InputError(
      `Expected ${name} to be ${bytes} bytes, got ${unpacked.length}: the archive is damaged`,
    );
  if (crc32(unpacked) !== crc)
    throw new InputError(
      `Expected ${name} to have the CRC-32 ${crc}, got ${crc32(unpacked)}: the archive is damaged`,
    );
  return unpacked;
}
