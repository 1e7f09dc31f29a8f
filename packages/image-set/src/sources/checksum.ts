import type { Chunks } from '@convlens/formats';
import type { FileSource } from './file-source.js';
import { Md5, type Hasher } from './md5.js';

/** The fastest MD5 hasher that a source has. */
export const createMd5 = (source: FileSource): Hasher => source.createMd5?.() ?? new Md5();

/** Passes chunks on and adds each to a checksum. */
export async function* withChecksum(chunks: Chunks, hasher: Hasher): Chunks {
  for await (const chunk of chunks) {
    hasher.update(chunk);
    yield chunk;
  }
}
