import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import type { FileSource } from './file-source.js';

const MISSING = ['ENOENT', 'ENOTDIR'];

/** The files in a folder of this machine, as a FileSource: nothing in it is changed. Names cannot lead out of it. */
export function folderFiles(folder: string): FileSource {
  const { location, read, list } = folderStore(folder);
  return {
    location,
    read,
    list,
    createMd5: nodeMd5,
    async stream(name, pieceBytes = 1 << 20) {
      const path = join(location, name);
      if (!path.startsWith(join(location, '/')))
        throw new InputError(`Expected a name inside ${location}, got ${JSON.stringify(name)}`);
      const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (MISSING.includes(error.code ?? '')) return undefined;
        throw unreadable(path, error);
      });
      return found?.isFile() ? { bytes: found.size, chunks: pieces(path, pieceBytes) } : undefined;
    },
  };
}

export const nodeMd5 = () => {
  const hash = createHash('md5');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') };
};

const unreadable = (path: string, { message }: Error) =>
  new InputError(`${path}: cannot be read: ${message}`);

/** One buffer for all pieces: a set of images takes little more memory than its pixels. */
async function* pieces(path: string, pieceBytes: number) {
  const file = await open(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  try {
    const buffer = new Uint8Array(pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, pieceBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
