import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { BlobStore } from './blob-store.js';
import { InputError } from '@convlens/core';

const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException)?.code ?? '');

const isUnusable = (error: unknown) =>
  ['EEXIST', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(
    (error as NodeJS.ErrnoException)?.code ?? '',
  );

const TEMPORARY = /\.partial-[0-9a-f-]{36}$/;

/**
 * A BlobStore in a folder of this machine. The folder is made at the first write. A write goes to a temporary name and
 * is renamed when it is whole and on the disk, so a killed process leaves the old bytes or the new ones.
 */
export function folderStore(folder: string): BlobStore {
  const root = resolve(folder);
  const pathOf = (name: string) => {
    const path = resolve(root, name);
    if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new InputError(`Expected a name inside ${root}, got ${JSON.stringify(name)}`);
    return path;
  };
  return {
    location: root,
    async read(name) {
      try {
        const { buffer, byteOffset, byteLength } = await readFile(pathOf(name));
        // A plain array: the `slice` of a Buffer is no copy.
        return new Uint8Array(buffer, byteOffset, byteLength);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async list(prefix = '') {
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error) => {
        if (isMissing(error)) return [];
        throw error;
      });
      return entries
        .filter((entry) => entry.isFile() && !TEMPORARY.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
    async write(name, bytes) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true }).catch((error) => {
        throw isUnusable(error)
          ? new InputError(`Expected a folder that can be written, got ${root}: ${error.message}`)
          : error;
      });
      const temporary = `${path}.partial-${randomUUID()}`;
      try {
        const file = await open(temporary, 'w');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async remove(name) {
      await rm(pathOf(name), { recursive: true, force: true }).catch((error) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}
