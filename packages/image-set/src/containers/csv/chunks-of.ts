import type { Chunks, RandomAccess } from '@convlens/formats';

const CHUNK_BYTES = 1 << 20;

/** A file from its beginning to its end. */
export async function* chunksOf(file: RandomAccess): Chunks {
  for (let start = 0; start < file.bytes; start += CHUNK_BYTES)
    yield await file.read(start, Math.min(file.bytes, start + CHUNK_BYTES));
}
