import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import type { Chunks, FileSource } from './file-source.js';

const MISSING = ['ENOENT', 'ENOTDIR'];

/** The files in a folder of this machine, as a FileSource: nothing in it is changed. Names cannot lead out of it. */
export function folderFiles(folder: string): FileSource {
  const { location, read, list } = folderStore(folder);
  return {
    location,
    read,
    list,
    createMd5: nodeMd5,
    async stream(name, bufferFor = () => new Uint8Array(2 << 20)) {
      const path = join(location, name);
      if (!path.startsWith(join(location, '/')))
        throw new InputError(`Expected a name inside ${location}, got ${JSON.stringify(name)}`);
      const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (MISSING.includes(error.code ?? '')) return undefined;
        throw unreadable(path, error);
      });
      return found?.isFile() ? { bytes: found.size, chunks: pieces(path, found.size, bufferFor) } : undefined;
    },
  };
}

export const nodeMd5 = () => {
  const hash = createHash('md5');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') };
};

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
