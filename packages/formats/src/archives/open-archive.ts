import { expectInteger, expectOptions, formatCount, InputError, type OptionNames } from '@convlens/core';
import { describeFile } from '../describe-file.js';
import { fileType } from '../file-type.js';
import type { ArchiveFile, ArchiveLimits } from './archive-file.js';
import { linkedPath } from './archive-path.js';
import { openTar, openTarGz } from './open-tar.js';
import { openZip } from './open-zip.js';
import { expectRandomAccess, readRange, type RandomAccess } from './random-access.js';

export interface OpenArchiveOptions {
  /** The most bytes that one file may have when it is unpacked; default 256 MiB. */
  readonly maxFileBytes?: number;
  /** The most bytes that a tar.gz archive may unpack to, which is kept in memory; default 2 GiB. */
  readonly maxBytes?: number;
}

const OPEN_ARCHIVE_OPTIONS: OptionNames<OpenArchiveOptions> = { maxFileBytes: true, maxBytes: true };

/** The files in an archive, by their paths in it. It is a BlobReader. */
export interface OpenedArchive {
  /** The name of the archive. */
  readonly location: string;
  /**
   * The bytes of a file; undefined if there is none of that name. Links are followed inside of the archive.
   *
   * @throws InputError that names the file, if it is damaged, encrypted, packed by another method than deflate, larger than
   * `maxFileBytes`, or a link that leads to no file of the archive.
   */
  read(name: string): Promise<Uint8Array | undefined>;
  /** The names of all files, those that begin with `prefix`, sorted. */
  list(prefix?: string): Promise<string[]>;
}

/** As many as a path of a file system may follow. */
const MAX_LINKS = 40;

const HEAD_BYTES = 512;

/**
 * Opens a .zip, .tar or .tar.gz archive, found out by its first bytes. Nothing is written to disk. Of a zip or tar archive only
 * the directory is read; the bytes of a file are read, and in a zip archive verified by their CRC-32, when they are asked for.
 * A .tar.gz archive is unpacked into memory.
 *
 * @throws InputError if the file is no such archive or is damaged, if a name in it leads out of it, or if two files of a zip
 * archive share a name.
 */
export async function openArchive(
  file: RandomAccess,
  options: OpenArchiveOptions = {},
): Promise<OpenedArchive> {
  expectOptions('openArchive', options, OPEN_ARCHIVE_OPTIONS);
  expectRandomAccess('file', file);
  const { maxFileBytes = 2 ** 28, maxBytes = 2 ** 31 } = options;
  expectInteger('maxFileBytes', maxFileBytes);
  expectInteger('maxBytes', maxBytes);
  const files = await filesOf(file, { maxFileBytes, maxBytes });
  const byPath = new Map(files.map((one) => [one.path, one]));
  return {
    location: file.name,
    async read(name) {
      const found = byPath.get(name);
      return found && (await followLinks(found, byPath, file.name)).read();
    },
    list: async (prefix = '') => [...byPath.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

async function filesOf(file: RandomAccess, limits: ArchiveLimits): Promise<ArchiveFile[]> {
  const head = await readRange(file, 0, Math.min(HEAD_BYTES, file.bytes));
  const type = fileType(head);
  if (type === 'zip') return openZip(file, limits);
  if (type === 'gzip') return openTarGz(file, limits);
  if (type === 'tar') return openTar(file, limits);
  throw new InputError(
    `${file.name}: expected a zip, tar or tar.gz archive, found ${describeFile(head)} of ${formatCount(file.bytes)} bytes: ` +
      'pack the files again as a zip, or unpack them into a folder',
  );
}

async function followLinks(
  file: ArchiveFile,
  byPath: ReadonlyMap<string, ArchiveFile>,
  archive: string,
): Promise<ArchiveFile> {
  let current = file;
  for (let links = 0; links < MAX_LINKS && current.target; links++) {
    const target = await current.target();
    const folder = current.path.split('/').slice(0, -1).join('/');
    const path = linkedPath(folder, target);
    const next = path === undefined ? undefined : byPath.get(path);
    if (!next)
      throw new InputError(
        `Expected ${JSON.stringify(current.path)} in ${archive} to be a file, got a link to ${JSON.stringify(target)}, which ` +
          'is no file of the archive: pack the files instead of links',
      );
    current = next;
  }
  if (current.target)
    throw new InputError(
      `Expected ${JSON.stringify(file.path)} in ${archive} to be a file, got a circle of links`,
    );
  return current;
}
