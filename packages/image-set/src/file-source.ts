import type { BlobReader } from '@convlens/storage';
import type { DownloadProgress } from './download.js';
import { Md5, type Hasher } from './md5.js';
import type { PublishedFile } from './published-file.js';

/** The bytes of a file from first to last. A piece is good until the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;

export interface OpenFile {
  /** How long the whole file is. */
  readonly bytes: number;
  readonly chunks: Chunks;
}

export interface FetchRequest {
  readonly signal?: AbortSignal;
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/**
 * A BlobReader that may be able to do more: give a file piece by piece, so that it never lies in memory whole, and get a
 * published file that is not there yet.
 */
export interface FileSource extends BlobReader {
  /**
   * The file in pieces, or undefined if there is none of that name. A reader that needs a buffer takes the one that
   * `bufferFor` gives for the length of the file; one that has room for it all gets it in one piece.
   */
  stream?(name: string, bufferFor?: (fileBytes: number) => Uint8Array): Promise<OpenFile | undefined>;
  /** Whether there is a file of that name; without this one `list` is asked, which may be long. */
  has?(name: string): Promise<boolean>;
  /** Fetches the file and verifies it; from then on it is read under its name. Rejects with what went wrong where. */
  fetch?(file: PublishedFile, request?: FetchRequest): Promise<void>;
  /** A faster MD5 than the one in here, where the platform has one. */
  createMd5?(): Hasher;
}

/** Opens a file of any reader piece by piece; one that knows no pieces gives a single one. */
export async function openFile(
  source: FileSource,
  name: string,
  bufferFor?: (fileBytes: number) => Uint8Array,
): Promise<OpenFile | undefined> {
  if (source.stream) return source.stream(name, bufferFor);
  const bytes = await source.read(name);
  return bytes && { bytes: bytes.length, chunks: inOnePiece(bytes) };
}

/** Which of these names a source has. */
export async function namesIn(source: FileSource, names: readonly string[]): Promise<Set<string>> {
  if (!source.has) {
    const all = new Set(await source.list());
    return new Set(names.filter((name) => all.has(name)));
  }
  const found = await Promise.all(names.map((name) => source.has!(name)));
  return new Set(names.filter((_, i) => found[i]));
}

export async function* inOnePiece(bytes: Uint8Array): Chunks {
  yield bytes;
}

export const createMd5 = (source: FileSource): Hasher => source.createMd5?.() ?? new Md5();

/** Passes pieces on and adds each to a checksum. */
export async function* hashed(chunks: Chunks, hasher: Hasher): Chunks {
  for await (const chunk of chunks) {
    hasher.update(chunk);
    yield chunk;
  }
}

export async function* stoppable(chunks: Chunks, signal?: AbortSignal): Chunks {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

/** Passes pieces on and notes what goes wrong with them, to tell it from what goes wrong with whoever takes them. */
export async function* noted(chunks: Chunks, faults: unknown[]): Chunks {
  try {
    yield* chunks;
  } catch (error) {
    faults.push(error);
    throw error;
  }
}
