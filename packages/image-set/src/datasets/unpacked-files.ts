import { formatCount, InputError } from '@convlens/core';
import { abortable, ByteReader, inflate } from '@convlens/formats';
import { createMd5, withChecksum } from '../sources/checksum.js';
import { openFile, type FileSource, type OpenedFile } from '../sources/file-source.js';
import { MAX_UNPACKED_BYTES, type DatasetFile, type Distribution } from './distribution.js';
import type { LoadOptions } from './load-options.js';

const CHUNK_BYTES = 1 << 20;

interface UnpackedFilesOptions extends LoadOptions {
  readonly distribution: Distribution;
  /** The names of its files in the source, in the order of `distribution.files`. */
  readonly names: readonly string[];
}

/**
 * The files of a distribution that a source has outside of an archive, in the order of the distribution.
 *
 * @throws InputError if a file is not the official one and must be. The MD5 of an unpacked file is only reported (`onFile`).
 */
export async function* unpackedFiles(
  source: FileSource,
  { distribution, names, signal, onFile, verify = false, official = true }: UnpackedFilesOptions,
): AsyncGenerator<DatasetFile> {
  const bufferFor = sharedBuffer(distribution.chunkBytes ?? CHUNK_BYTES);
  for (const [index, fileName] of names.entries()) {
    signal?.throwIfAborted();
    const {
      published,
      bytes: officialBytes = published?.bytes,
      md5 = published?.md5,
    } = distribution.files[index];
    const name = `${source.location}/${fileName}`;
    const file = expectLength(await openFile(source, fileName, bufferFor), {
      name,
      bytes: official ? officialBytes : undefined,
    });
    const isPacked = fileName.endsWith('.gz');
    const isMd5Needed = md5 !== undefined && (verify || (official && isPacked));
    const hasher = isMd5Needed ? createMd5(source) : undefined;
    const raw = new ByteReader(hasher ? withChecksum(file.chunks, hasher) : file.chunks, name);
    const chunks = isPacked
      ? inflate(raw.remaining(), { format: 'gzip', name, maxBytes: MAX_UNPACKED_BYTES })
      : raw.remaining();
    const reader = new ByteReader(abortable(chunks, signal), name);
    try {
      yield { index, distribution, reader, ...(!isPacked && { bytes: file.bytes }) };
      if (hasher) await reader.drain();
    } finally {
      await reader.close();
      await raw.close();
    }
    const digest = hasher?.digest();
    if (official && isPacked && digest !== undefined && digest !== md5)
      throw new InputError(`${name}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
    onFile?.({
      name: fileName,
      bytes: file.bytes,
      ...(digest !== undefined && { verified: digest === md5 }),
    });
  }
}

/** Returns a file if it exists and has the official length, where that is known. */
function expectLength(
  file: OpenedFile | undefined,
  { name, bytes }: { name: string; bytes: number | undefined },
): OpenedFile {
  if (file && (bytes === undefined || file.bytes === bytes)) return file;
  const expected = bytes === undefined ? 'a file' : `${formatCount(bytes)} bytes`;
  const actual = file ? formatCount(file.bytes) : 'no such file';
  throw new InputError(`${name}: expected ${expected}, got ${actual}: remove it and get it again`);
}

/**
 * One buffer for all files, with room for a chunk while the next one is read ahead, or for a whole smaller file. A data set
 * thus needs little more memory than its pixels.
 */
function sharedBuffer(chunkBytes: number): (fileBytes: number) => Uint8Array {
  let buffer = new Uint8Array(0);
  return (fileBytes) => {
    const length = fileBytes <= chunkBytes ? fileBytes : 2 * chunkBytes;
    if (buffer.length < length) buffer = new Uint8Array(length);
    return buffer.subarray(0, length);
  };
}
