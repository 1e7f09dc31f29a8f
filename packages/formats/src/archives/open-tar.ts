import { formatCount, InputError } from '@convlens/core';
import { ByteReader } from '../byte-reader.js';
import { recordErrors, type Chunks } from '../chunks.js';
import { concatBytes } from '../concat-bytes.js';
import { inflate } from '../inflate.js';
import { fileHeaders, skipEntry, tarErrors } from '../tar.js';
import type { ArchiveFile, ArchiveLimits } from './archive-file.js';
import { innerPathOf } from './archive-path.js';
import { chunksOfFile, readRange, type RandomAccess } from './random-access.js';

/** The files of a tar archive. Its headers are read at once, the data of a file when it is asked for. */
export const openTar = (file: RandomAccess, { maxFileBytes }: ArchiveLimits): Promise<ArchiveFile[]> =>
  readFiles(chunksOfFile(file), file.name, async (reader, path, bytes) => {
    const start = reader.position;
    await skipEntry(reader, bytes);
    return async () => {
      if (bytes > maxFileBytes) throw tooLarge(`${path} in ${file.name}`, maxFileBytes, bytes);
      return readRange(file, start, start + bytes);
    };
  });

/** The files of a tar.gz archive, which can only be read from its beginning: all of them are kept in memory. */
export const openTarGz = (
  file: RandomAccess,
  { maxBytes, maxFileBytes }: ArchiveLimits,
): Promise<ArchiveFile[]> =>
  readFiles(
    inflate(chunksOfFile(file), { format: 'gzip', name: file.name, maxBytes }),
    file.name,
    async (reader, path, bytes) => {
      if (bytes > maxFileBytes) throw tooLarge(`${path} in ${file.name}`, maxFileBytes, bytes);
      const parts: Uint8Array[] = [];
      await skipEntry(reader, bytes, (chunk) => parts.push(chunk.slice()));
      const data = concatBytes(parts);
      return async () => data;
    },
  );

const tooLarge = (title: string, maxBytes: number, bytes: number) =>
  new InputError(`Expected ${title} to be at most ${formatCount(maxBytes)} bytes, got ${formatCount(bytes)}`);

/** Goes through the headers of an archive. `visit` reads to the end of a file, and returns how to get its bytes. */
async function readFiles(
  chunks: Chunks,
  name: string,
  visit: (reader: ByteReader, path: string, bytes: number) => Promise<() => Promise<Uint8Array>>,
): Promise<ArchiveFile[]> {
  const sourceErrors: unknown[] = [];
  const reader = new ByteReader(recordErrors(chunks, sourceErrors), name);
  // A later file of the same name replaces an earlier one, as tar does when it unpacks.
  const files = new Map<string, ArchiveFile>();
  try {
    for await (const { path: written, bytes, target, isHardLink } of fileHeaders(reader)) {
      const path = innerPathOf(name, written);
      if (target === undefined) files.set(path, { path, read: await visit(reader, path, bytes) });
      else {
        // A hard link says its target from the root of the archive.
        const fromFolder = isHardLink ? `${'../'.repeat(path.split('/').length - 1)}${target}` : target;
        files.set(path, { path, target: async () => fromFolder, read: async () => new Uint8Array(0) });
      }
    }
  } catch (error) {
    throw tarErrors(name, sourceErrors)(error);
  } finally {
    await reader.close();
  }
  return [...files.values()];
}
