import type { Chunks } from '@convlens/formats';
import type { Hasher } from '../sources/md5.js';

/** The bytes of a file that have arrived so far. */
export interface PartialFile {
  /** Their number. */
  readonly bytes: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Drops all bytes. */
  clear(): Promise<void>;
  /** The bytes from the first on, as they were stored. */
  chunks(): Chunks;
  /** Makes the bytes the file of the cache, atomically. */
  commit(): Promise<void>;
  /** Stops writing. The bytes are kept for a later start if the cache can keep them. */
  close(): Promise<void>;
}

/** The place where downloads are stored. */
export interface DownloadCache {
  /** What messages call it. */
  readonly location: string;
  /** Opens the bytes of a file that have arrived so far; `bytes` is the size that the file will have. */
  openPartial(name: string, bytes: number): Promise<PartialFile>;
  createHasher(algorithm: 'md5' | 'sha256'): Hasher;
}
