import {
  expectString,
  expectObject,
  expectBytes,
  escapeControls,
  expectInnerPath,
  expectInteger,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { crc32 } from './crc32.js';
import { inflateSync } from './inflate-sync.js';
import { expectSameHeader, readZipDirectory, ZipView, type ZipEntry } from './zip-directory.js';

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

/** Other compression methods, by their numbers. */
const METHODS: Readonly<Record<number, string>> = {
  9: ' (Deflate64)',
  12: ' (bzip2)',
  14: ' (LZMA)',
  93: ' (Zstandard)',
  95: ' (XZ)',
  99: ' (AES)',
};

/** What to do with an archive whose bytes changed on the way. */
const DAMAGED = 'the file is damaged; download or copy it again';

export interface ReadZipOptions {
  /** The name of the archive in messages. */
  readonly name: string;
  /** The most bytes that the entries that are read may unpack to together. */
  readonly maxBytes: number;
  /** The names of the entries to read; default all. Names that the archive does not have are left out of the result. */
  readonly entries?: readonly string[];
}

const READ_ZIP_OPTIONS: OptionNames<ReadZipOptions> = { name: true, maxBytes: true, entries: true };

/**
 * The files in a zip archive by name, stored or deflated, in the order of the archive; folders are left out. Each has
 * the size and the CRC-32 that the archive declares. Nothing is written to disk. All that the archive declares is checked
 * before anything is unpacked.
 *
 * @throws InputError if the archive is cut off or damaged, if entries overlap, share a name or have a name outside of the
 * archive, if an entry is a link, is encrypted or packed by a method other than deflate, or if the entries are larger than `maxBytes`
 * when unpacked.
 */
export function readZip(bytes: Uint8Array, options: ReadZipOptions): Map<string, Uint8Array> {
  expectOptions('readZip', options, READ_ZIP_OPTIONS);
  expectObject('the options of readZip', options);
  expectBytes('bytes', bytes);
  expectString('name', options.name);
  const { name, maxBytes, entries } = options;
  expectInteger('maxBytes', maxBytes);
  const view = new ZipView(bytes, name);
  const directory = readZipDirectory(view);
  const isFolder = ({ path }: ZipEntry) => path.endsWith('/');
  directory.filter(isFolder).forEach((folder) => expectSameHeader(view, folder));
  const selected = directory.filter(
    (entry) => !isFolder(entry) && (!entries || entries.includes(entry.path)),
  );
  let total = 0;
  for (const entry of selected) {
    expectReadable(view, entry);
    total += entry.bytes;
    if (total > maxBytes) throw tooLarge(view, entry, { maxBytes, isAlone: entry.bytes > maxBytes });
  }
  return new Map(selected.map((entry) => [entry.path, unpackEntry(view, entry)]));
}

const titleOf = (view: ZipView, { path }: ZipEntry) => `${escapeControls(path)} in ${view.name}`;

/** Refuses an entry that cannot be read, by what the archive declares of it. */
export function expectReadable(view: ZipView, entry: ZipEntry): void {
  const { flags, method, path, isLink } = entry;
  expectInnerPath(view.name, path);
  const title = titleOf(view, entry);
  if (isLink) throw new InputError(`Expected ${title} to be a file, got a link to another one`);
  if (flags & ENCRYPTED_FLAG)
    throw new InputError(`Expected ${title} not to be encrypted: pack it again without a password`);
  if (method !== STORED && method !== DEFLATED)
    throw new InputError(
      `Expected ${title} to be stored or deflated, got compression method ${method}${METHODS[method] ?? ''}: pack it again ` +
        'with the method deflate',
    );
}

export const tooLarge = (
  view: ZipView,
  entry: ZipEntry,
  { maxBytes, isAlone }: { maxBytes: number; isAlone: boolean },
) =>
  new InputError(
    `Expected ${isAlone ? titleOf(view, entry) : `the entries of ${view.name}`} to be at most ${maxBytes} bytes, ` +
      'got more when unpacked',
  );

/** The bytes of an entry, of which `view` holds the local header and the data. Their CRC-32 is verified. */
export function unpackEntry(view: ZipView, entry: ZipEntry): Uint8Array {
  const { method, crc, bytes } = entry;
  const name = titleOf(view, entry);
  const { start, end } = view.dataRange(entry);
  const packed = view.slice(start, end);
  const unpacked =
    method === STORED
      ? packed.slice()
      : inflateSync([packed], { name, maxBytes: bytes, format: 'deflate-raw' });
  if (unpacked.length !== bytes)
    throw new InputError(`Expected ${name} to be ${bytes} bytes, got ${unpacked.length}: ${DAMAGED}`);
  const actual = crc32(unpacked);
  if (actual !== crc)
    throw new InputError(`Expected ${name} to have the CRC-32 ${hex(crc)}, got ${hex(actual)}: ${DAMAGED}`);
  expectSameHeader(view, entry);
  return unpacked;
}

const hex = (crc: number) => crc.toString(16).padStart(8, '0');
