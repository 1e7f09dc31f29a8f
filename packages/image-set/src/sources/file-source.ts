import { randomAccess, singleChunk, type Chunks, type RandomAccess } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';
import type { DownloadProgress } from './download-progress.js';
import type { Hasher } from './md5.js';
import type { PublishedFile } from './published-file.js';

export interface OpenedFile {
  /** The size of the file. */
  readonly bytes: number;
  readonly chunks: Chunks;
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Called a few times per second. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/**
 * A BlobReader that may also stream files, so that they need not be in memory as a whole, and fetch published files. Every
 * BlobReader is a FileSource.
 */
export interface FileSource extends BlobReader {
  /**
   * The file in chunks, or undefined if there is no file of that name. `bufferFor` returns the buffer to read into for a
   * file of a given size; a file that fits into it comes in one chunk.
   */
  stream?(name: string, bufferFor?: (fileBytes: number) => Uint8Array): Promise<OpenedFile | undefined>;
  /** The file, of which any part can be read, or undefined if there is no file of that name. */
  open?(name: string): Promise<RandomAccess | undefined>;
  /** Whether there is a file of that name. Without it `list` is called, which may be slow. */
  has?(name: string): Promise<boolean>;
  /** The paths of the folders that hold nothing, which `list` does not show. */
  emptyFolders?(): Promise<string[]>;
  /** Downloads and verifies a file, which can be read under its name from then on. Rejects with an InputError. */
  fetch?(file: PublishedFile, options?: FetchOptions): Promise<void>;
  /** Creates the platform's MD5 hasher, which is faster than `Md5`. */
  createMd5?(): Hasher;
}

/** Opens a file of any reader; one that cannot stream returns it as a single chunk. */
export async function openFile(
  source: FileSource,
  name: string,
  bufferFor?: (fileBytes: number) => Uint8Array,
): Promise<OpenedFile | undefined> {
  if (source.stream) return source.stream(name, bufferFor);
  const bytes = await source.read(name);
  return bytes && { bytes: bytes.length, chunks: singleChunk(bytes) };
}

/** A file of any reader, of which parts can be read; one that cannot open files returns it in memory. */
export async function openRandomAccess(source: FileSource, name: string): Promise<RandomAccess | undefined> {
  if (source.open) return source.open(name);
  const bytes = await source.read(name);
  return bytes && randomAccess(bytes, `${source.location}/${name}`);
}

/** Those of `names` that a source has. */
export async function availableNames(source: FileSource, names: readonly string[]): Promise<Set<string>> {
  if (!source.has) {
    const all = new Set(await source.list());
    return new Set(names.filter((name) => all.has(name)));
  }
  const isAvailable = await Promise.all(names.map((name) => source.has!(name)));
  return new Set(names.filter((_, i) => isAvailable[i]));
}
