import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import type { Chunks, FileSource } from './file-source.js';

const MISSING = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/**
 * The files in a folder of this machine, as a FileSource: nothing in it is changed. Names cannot lead out of it; links in it
 * are followed, wherever they lead.
 */
export function folderFiles(folder: string): FileSource {
  const { location, read } = folderStore(folder);
  const statOf = async (name: string): Promise<{ path: string; stats?: Stats }> => {
    const path = join(location, name);
    if (!path.startsWith(join(location, '/')))
      throw new InputError(`Expected a name inside ${location}, got ${JSON.stringify(name)}`);
    const stats = await stat(path).catch((error) => absent(path, error));
    return { path, stats: stats?.isFile() ? stats : undefined };
  };
  return {
    location,
    read: (name) =>
      read(name).catch((error) => {
        throw error.name === 'InputError' ? error : unreadable(join(location, name), error);
      }),
    list: async (prefix = '') =>
      (await filesBelow(location)).filter((name) => name.startsWith(prefix)).sort(),
    createMd5: nodeMd5,
    has: async (name) => (await statOf(name)).stats !== undefined,
    async stream(name, bufferFor = () => new Uint8Array(2 << 20)) {
      const { path, stats } = await statOf(name);
      return stats && { bytes: stats.size, chunks: pieces(path, stats.size, bufferFor) };
    },
  };
}

/** The names of all files in a folder and those in it, also of those that links lead to; none in a ring of links twice. */
async function filesBelow(folder: string, above: readonly string[] = []): Promise<string[]> {
  const real = await realpath(folder).catch((error) => absent(folder, error));
  if (!real || above.includes(real)) return [];
  const entries =
    (await readdir(folder, { withFileTypes: true }).catch((error) => absent(folder, error))) ?? [];
  const names = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const found = entry.isSymbolicLink() ? await stat(path).catch((error) => absent(path, error)) : entry;
      if (found?.isFile()) return [entry.name];
      if (!found?.isDirectory()) return [];
      return (await filesBelow(path, [...above, real])).map((name) => `${entry.name}/${name}`);
    }),
  );
  return names.flat();
}

export const nodeMd5 = () => {
  const hash = createHash('md5');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') };
};

/** What is not there is none; what cannot be looked at is an error. */
function absent(path: string, error: NodeJS.ErrnoException): undefined {
  if (!MISSING.includes(error.code ?? '')) throw unreadable(path, error);
}

const unreadable = (path: string, { message }: Error) =>
  new InputError(`${path}: cannot be read: ${message}`);

/** A file for which the buffer has room comes in one piece; of another one half is read ahead while the other is used. */
async function* pieces(path: string, bytes: number, bufferFor: (fileBytes: number) => Uint8Array): Chunks {
  const file = await open(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  let ahead: Promise<Uint8Array> | undefined;
  try {
    const buffer = bufferFor(bytes);
    if (bytes <= buffer.length) return void (yield await filled(file, buffer.subarray(0, bytes)));
    const half = buffer.length >> 1;
    const halves = [buffer.subarray(0, half), buffer.subarray(half, 2 * half)];
    ahead = filled(file, halves[0]);
    for (let other = 1; ; other = 1 - other) {
      const piece = await ahead;
      if (piece.length < half) return void (yield piece);
      ahead = filled(file, halves[other]);
      // It may fail before anyone waits for it.
      ahead.catch(() => {});
      yield piece;
    }
  } finally {
    await ahead?.catch(() => {});
    await file.close();
  }
}

/** The next bytes of a file, as many as there is room for; fewer at its end. */
async function filled(file: FileHandle, target: Uint8Array): Promise<Uint8Array> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}
