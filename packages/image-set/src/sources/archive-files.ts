import { expectInteger, expectOptions, type OptionNames } from '@convlens/core';
import { openArchive, randomAccess, type OpenArchiveOptions, type RandomAccess } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';

export interface ArchiveFilesOptions extends OpenArchiveOptions {
  /** The name of the archive in messages; default that of a File or a RandomAccess, else "archive". */
  readonly name?: string;
}

const ARCHIVE_FILES_OPTIONS: OptionNames<ArchiveFilesOptions> = {
  name: true,
  maxFileBytes: true,
  maxBytes: true,
};

/**
 * The files in a .zip, .tar or .tar.gz archive, as a BlobReader: `loadFolder(archiveFiles(file))` reads an archived folder of
 * images. Nothing is written to disk. Of a zip or tar archive only what is asked for is read, so it may be larger than memory; a
 * .tar.gz archive is unpacked into memory. Links are followed inside of the archive alone.
 *
 * The archive is opened by the first call of a method, which throws an InputError if it is damaged, or if a name in it leads
 * out of it; `read` throws one that names a file that cannot be read: see `openArchive` of @convlens/formats.
 */
export function archiveFiles(
  source: RandomAccess | Blob | Uint8Array,
  options: ArchiveFilesOptions = {},
): BlobReader {
  expectOptions('archiveFiles', options, ARCHIVE_FILES_OPTIONS);
  const { name, ...limits } = options;
  for (const [limit, value] of Object.entries(limits)) if (value !== undefined) expectInteger(limit, value);
  const file = toRandomAccess(source, name ?? 'archive');
  const location = name ?? file.name;
  let opening: ReturnType<typeof openArchive> | undefined;
  const named = { name: location, bytes: file.bytes, read: file.read.bind(file) };
  const archive = () => (opening ??= openArchive(named, limits));
  return {
    location,
    read: async (path) => (await archive()).read(path),
    list: async (prefix) => (await archive()).list(prefix),
  };
}

const isRandomAccess = (source: RandomAccess | Blob | Uint8Array): source is RandomAccess =>
  typeof source === 'object' && source !== null && 'read' in source && 'bytes' in source && 'name' in source;

/** A file that any part can be read of; `name` is that of bytes without one. */
export function toRandomAccess(source: RandomAccess | Blob | Uint8Array, name: string): RandomAccess {
  if (isRandomAccess(source)) return source;
  const fileName = (source as Partial<File> | undefined)?.name;
  return randomAccess(source, typeof fileName === 'string' && fileName !== '' ? fileName : name);
}
