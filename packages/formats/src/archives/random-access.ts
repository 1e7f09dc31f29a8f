import { expectFields, expectInteger, expectString, InputError } from '@convlens/core';
import type { Chunks } from '../chunks.js';

/** A file of which any part can be read, so that it need not be in memory as a whole. */
export interface RandomAccess {
  /** Its name in messages, such as a path. */
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  /** The bytes from position `start` up to `end`, which are at most `bytes`. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * Bytes, or a Blob or File of a page, as a RandomAccess.
 *
 * @param name the name of the file in messages
 */
export function randomAccess(source: Uint8Array | Blob, name: string): RandomAccess {
  expectString('name', name);
  if (source instanceof Uint8Array)
    return { name, bytes: source.length, read: async (start, end) => source.subarray(start, end) };
  if (typeof Blob === 'undefined' || !(source instanceof Blob))
    throw new InputError(`Expected source to be a Uint8Array, a Blob or a File, got ${typeof source}`);
  return {
    name,
    bytes: source.size,
    read: async (start, end) => new Uint8Array(await source.slice(start, end).arrayBuffer()),
  };
}

/** Throws an InputError unless a value is a RandomAccess. */
export function expectRandomAccess(what: string, file: RandomAccess): RandomAccess {
  expectFields('RandomAccess', what, file, { name: 'string', bytes: 'number', read: 'function' });
  expectInteger(`${what}.bytes`, file.bytes);
  return file;
}

/**
 * The bytes between two positions.
 *
 * @throws InputError if the file is shorter than it was.
 */
export async function readRange(file: RandomAccess, start: number, end: number): Promise<Uint8Array> {
  const bytes = await file.read(start, end);
  if (bytes.length === end - start) return bytes;
  throw new InputError(
    `${file.name}: expected ${end - start} bytes at byte ${start}, got ${bytes.length}: the file changed while it was read`,
  );
}

const CHUNK_BYTES = 1 << 20;

/** The whole file, chunk by chunk. */
export async function* chunksOfFile(file: RandomAccess): Chunks {
  for (let start = 0; start < file.bytes; start += CHUNK_BYTES)
    yield await readRange(file, start, Math.min(file.bytes, start + CHUNK_BYTES));
}
