import { formatCount, InputError } from '@convlens/core';
import { abortable, ByteReader, inflate, tarEntries } from '@convlens/formats';
import { createMd5, withChecksum } from '../sources/checksum.js';
import { openFile, type FileSource } from '../sources/file-source.js';
import { MAX_UNPACKED_BYTES, type DatasetFile, type Distribution } from './distribution.js';
import type { LoadOptions } from './load-options.js';

interface PackedFilesOptions extends LoadOptions {
  readonly distribution: Distribution;
  /** The name of the archive in the source. */
  readonly archive: string;
}

/**
 * The files of a distribution from its archive, in the order of the archive. Other files and links in it are skipped.
 *
 * @throws InputError if the archive lacks a file, or is not the official one and must be.
 */
export async function* packedFiles(
  source: FileSource,
  { distribution, archive, signal, onFile, official = true }: PackedFilesOptions,
): AsyncGenerator<DatasetFile> {
  const { md5, bytes: officialBytes } = distribution.archive!;
  const name = `${source.location}/${archive}`;
  const { bytes, chunks } = (await openFile(source, archive))!;
  if (official && bytes !== officialBytes)
    throw new InputError(
      `${name}: expected ${formatCount(officialBytes)} bytes, got ${formatCount(bytes)}: remove it and get it again`,
    );
  const hasher = createMd5(source);
  const packed = new ByteReader(withChecksum(abortable(chunks, signal), hasher), name);
  const missing = new Set(distribution.files.keys());
  try {
    const tar = inflate(packed.remaining(), { format: 'gzip', name, maxBytes: MAX_UNPACKED_BYTES });
    for await (const entry of tarEntries(tar, { name })) {
      const index = fileIndex(distribution, entry.name);
      if (!missing.delete(index)) continue;
      const reader = new ByteReader(entry.chunks, `${name}/${entry.name}`);
      yield { index, distribution, bytes: entry.bytes, reader };
      await reader.drain();
    }
    // The checksum below needs every byte of the archive.
    await packed.drain();
  } finally {
    await packed.close();
  }
  const digest = hasher.digest();
  if (official && digest !== md5)
    throw new InputError(`${name}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
  if (missing.size > 0) {
    const names = [...missing].map((index) => distribution.files[index].name);
    throw new InputError(`${name}: expected ${names.join(', ')} in it, found no such file`);
  }
  onFile?.({ name: archive, bytes, verified: digest === md5 });
}

/** The index of a file in a distribution by its path in an archive; -1 for another file. */
function fileIndex({ folders, files }: Distribution, path: string): number {
  const folder = folders.find((candidate) => candidate !== '' && path.startsWith(candidate)) ?? '';
  return files.findIndex(({ name }) => folder + name === path);
}
