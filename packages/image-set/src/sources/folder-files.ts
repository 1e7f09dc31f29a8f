import type { Stats } from 'node:fs';
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expectString, InputError, isInputError } from '@convlens/core';
import type { Chunks } from '@convlens/formats';
import { readRegularFile } from '@convlens/storage/node';
import type { FileSource } from './file-source.js';
import { localFile } from './local-file.js';
import { nodeMd5 } from './node-md5.js';

const MISSING_CODES = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/** The size of the buffer that files are streamed through by default: two halves of a mebibyte. */
const BUFFER_BYTES = 2 << 20;

/**
 * The files in a folder of this machine, as a FileSource. Nothing in the folder is changed. A name must be inside the folder;
 * links in it are followed wherever they lead. Pipes and devices are no files of it.
 *
 * Its methods throw an InputError for a name outside the folder and for a file that cannot be read.
 */
export function folderFiles(folder: string): FileSource {
  expectString('folder', folder);
  const location = resolve(folder);
  return {
    location,
    // Not as folderStore, which refuses links to places outside: data sets are often kept elsewhere and linked.
    async read(name) {
      const { path, stats } = await statFile(location, name);
      if (!stats) return undefined;
      return readRegularFile(path).catch((error) => {
        throw isInputError(error) ? error : readError(path, error);
      });
    },
    list: async (prefix = '') =>
      (await namesBelow(location)).filter((name) => name.startsWith(prefix) && !name.endsWith('/')).sort(),
    emptyFolders: async () =>
      (await namesBelow(location)).filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
    createMd5: nodeMd5,
    async open(name) {
      const { path, stats } = await statFile(location, name);
      return stats && localFile(path);
    },
    has: async (name) => (await statFile(location, name)).stats !== undefined,
    async stream(name, bufferFor = () => new Uint8Array(BUFFER_BYTES)) {
      const { path, stats } = await statFile(location, name);
      return stats && { bytes: stats.size, chunks: readChunks(path, stats.size, bufferFor) };
    },
  };
}

/** The path of a file in a folder, with its stats if it exists. */
async function statFile(folder: string, name: string): Promise<{ path: string; stats?: Stats }> {
  const path = join(folder, name);
  if (!path.startsWith(join(folder, '/')))
    throw new InputError(`Expected a name inside ${folder}, got ${JSON.stringify(name)}`);
  const stats = await stat(path).catch((error) => undefinedIfMissing(path, error));
  return { path, stats: stats?.isFile() ? stats : undefined };
}

/**
 * The names of all files below a folder, links followed; those of folders that hold nothing end in a slash.
 *
 * @param parents the real paths of the folders above it: a link to one of them is a cycle and is skipped
 */
async function namesBelow(folder: string, parents: readonly string[] = []): Promise<string[]> {
  const realPath = await realpath(folder).catch((error) => undefinedIfMissing(folder, error));
  if (!realPath || parents.includes(realPath)) return [];
  const entries =
    (await readdir(folder, { withFileTypes: true }).catch((error) => undefinedIfMissing(folder, error))) ??
    [];
  const names = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const target = entry.isSymbolicLink()
        ? await stat(path).catch((error) => undefinedIfMissing(path, error))
        : entry;
      if (target?.isFile()) return [entry.name];
      if (!target?.isDirectory()) return [];
      const below = await namesBelow(path, [...parents, realPath]);
      return below.length === 0 ? [`${entry.name}/`] : below.map((name) => `${entry.name}/${name}`);
    }),
  );
  return names.flat();
}

/** Returns undefined for a file that does not exist; throws any other error, such as a missing permission. */
function undefinedIfMissing(path: string, error: NodeJS.ErrnoException): undefined {
  if (!MISSING_CODES.includes(error.code ?? '')) throw readError(path, error);
}

const readError = (path: string, { message }: Error) => new InputError(`${path}: cannot be read: ${message}`);

/** A file that fits into the buffer comes in one chunk; of a larger one, half a buffer is read ahead of the other half. */
async function* readChunks(
  path: string,
  bytes: number,
  bufferFor: (fileBytes: number) => Uint8Array,
): Chunks {
  const file = await open(path).catch((error: Error) => {
    throw readError(path, error);
  });
  let ahead: Promise<Uint8Array> | undefined;
  try {
    const buffer = bufferFor(bytes);
    if (bytes <= buffer.length) return void (yield await fillBuffer(file, buffer.subarray(0, bytes)));
    const half = buffer.length >> 1;
    const halves = [buffer.subarray(0, half), buffer.subarray(half, 2 * half)];
    ahead = fillBuffer(file, halves[0]);
    for (let next = 1; ; next = 1 - next) {
      const chunk = await ahead;
      if (chunk.length < half) return void (yield chunk);
      ahead = fillBuffer(file, halves[next]);
      // It may fail before it is awaited, which would count as an unhandled rejection.
      ahead.catch(() => {});
      yield chunk;
    }
  } finally {
    await ahead?.catch(() => {});
    await file.close();
  }
}

/** The next bytes of a file, as many as `target` has room for; fewer at its end. */
async function fillBuffer(file: FileHandle, target: Uint8Array): Promise<Uint8Array> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}
