import {
  expectString,
  expectObject,
  expectIterable,
  isInnerPath,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { ByteReader } from './byte-reader.js';
import { recordErrors, type Chunks } from './chunks.js';
import {
  BLOCK_BYTES,
  parseLongName,
  parsePax,
  parseTarHeader,
  TarError,
  type PaxFields,
} from './tar-header.js';

export interface TarEntriesOptions {
  /** The name of the archive in messages. */
  readonly name: string;
}

const TAR_ENTRIES_OPTIONS: OptionNames<TarEntriesOptions> = { name: true };

/** The most bytes of a header with a long name or other fields: a path has at most 4,096 bytes. */
const MAX_METADATA_BYTES = 1 << 20;

/** A file in a tar archive. */
export interface TarEntry {
  /** The path in the archive, without a leading "./". Nothing is written to disk, so it is never followed. */
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  readonly chunks: Chunks;
}

/**
 * The files in a tar archive, in its order. Links, devices, folders, and files whose path leads out of the archive are
 * skipped. The chunks of an entry must be read, or left, before the next entry is requested.
 *
 * @throws InputError if the data is no tar archive or ends early. An error of `chunks` is thrown as it is.
 */
export async function* tarEntries(chunks: Chunks, options: TarEntriesOptions): AsyncGenerator<TarEntry> {
  expectOptions('tarEntries', options, TAR_ENTRIES_OPTIONS);
  expectObject('the options of tarEntries', options);
  expectIterable('chunks', chunks);
  expectString('name', options.name);
  const { name } = options;
  const sourceErrors: unknown[] = [];
  const reader = new ByteReader(recordErrors(chunks, sourceErrors), name);
  const toError = tarErrors(name, sourceErrors);
  try {
    for await (const { path, bytes, target } of fileHeaders(reader)) {
      if (target !== undefined) continue;
      const end = reader.position + bytes;
      const innerPath = path.replace(/^(\.\/)+/, '');
      if (isInnerPath(innerPath))
        yield { name: innerPath, bytes, chunks: mapErrors(entryChunks(reader, end), toError) };
      for await (const chunk of entryChunks(reader, end)) void chunk;
      await skipPadding(reader, bytes);
    }
  } catch (error) {
    throw toError(error);
  } finally {
    await reader.close();
  }
}

/** The error that a caller sees: that of the source as it is, else one that says that this is no tar archive. */
export const tarErrors =
  (name: string, sourceErrors: readonly unknown[]) =>
  (error: unknown): unknown => {
    if (sourceErrors.length > 0) return sourceErrors[0];
    if (!(error instanceof TarError)) return error;
    return new InputError(`${name}: expected a tar archive, found none: ${error.message}`);
  };

/** The header of a file or a link. */
export interface TarFileHeader {
  readonly path: string;
  readonly bytes: number;
  /** Of a link: the path that it leads to, of a hard link from the root of the archive. */
  readonly target?: string;
  readonly isHardLink?: boolean;
}

/** Reads the data of a file and the padding after it. */
export async function skipEntry(
  reader: ByteReader,
  bytes: number,
  onChunk: (chunk: Uint8Array) => void = () => {},
): Promise<void> {
  for await (const chunk of entryChunks(reader, reader.position + bytes)) onChunk(chunk);
  await skipPadding(reader, bytes);
}

/** The headers of files and links, each with the reader at the start of its data. The data and its padding must be read in between. */
export async function* fileHeaders(reader: ByteReader): AsyncGenerator<TarFileHeader> {
  let fields: PaxFields = {};
  for (;;) {
    const block = await readBlock(reader);
    if (isZero(block)) return expectZerosToEnd(reader);
    const header = parseTarHeader(block);
    if (header.kind === 'pax') fields = { ...fields, ...parsePax(await readMetadata(reader, header.bytes)) };
    else if (header.kind === 'long-name')
      fields = { ...fields, path: parseLongName(await readMetadata(reader, header.bytes)) };
    else if (header.kind === 'long-target')
      fields = { ...fields, target: parseLongName(await readMetadata(reader, header.bytes)) };
    else {
      const path = fields.path ?? header.path;
      const bytes = header.hasData ? (fields.bytes ?? header.bytes) : 0;
      const target = fields.target ?? header.target;
      fields = {};
      if (header.kind === 'file') yield { path, bytes };
      else if (header.kind === 'link') yield { path, bytes: 0, target, isHardLink: header.isHardLink };
      else await skipEntry(reader, bytes);
    }
  }
}

const readBlock = (reader: ByteReader) => readWhole(reader, BLOCK_BYTES, 'a header');

async function readMetadata(reader: ByteReader, bytes: number): Promise<Uint8Array> {
  if (bytes > MAX_METADATA_BYTES) throw new TarError(`a header of ${bytes} bytes`);
  const data = await readWhole(reader, bytes, 'a header');
  await skipPadding(reader, bytes);
  return data;
}

/** The next bytes, as a copy. */
async function readWhole(reader: ByteReader, count: number, what: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let filled = 0;
  for await (const chunk of entryChunks(reader, reader.position + count, what)) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

/** The bytes up to a position. A second call continues where the first one was left. */
async function* entryChunks(reader: ByteReader, end: number, what = 'an entry'): Chunks {
  while (reader.position < end) {
    const chunk = await reader.readSome(end - reader.position);
    if (!chunk) throw new TarError(`it ends in ${what}`);
    yield chunk;
  }
}

const skipPadding = (reader: ByteReader, bytes: number) =>
  readWhole(reader, -bytes & (BLOCK_BYTES - 1), 'an entry');

/** After the last entry there are two blocks of zeros, or more. */
async function expectZerosToEnd(reader: ByteReader): Promise<void> {
  if (!isZero(await readBlock(reader))) throw new TarError('a block of zeros among its headers');
  for await (const chunk of reader.remaining())
    if (!isZero(chunk)) throw new TarError('other bytes after its end');
}

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

async function* mapErrors(chunks: Chunks, toError: (error: unknown) => unknown): Chunks {
  try {
    yield* chunks;
  } catch (error) {
    throw toError(error);
  }
}
