import { expectString } from '@convlens/core';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { writeFileAtomically } from './atomic/atomic-write.js';
import type { BlobStore } from './blob-store.js';
import { pathInside } from './inside-folder.js';
import { readRegularFile } from './regular-file.js';
import { isTemporaryName } from './temporary-names.js';
import { toWriteError } from './write-errors.js';

const MISSING_CODES = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** Files that convlens keeps in a folder for itself: the lock and the list of written files. */
export const isOwnName = (name: string): boolean => name.startsWith('.convlens-');

const hasCode = (error: unknown, codes: readonly string[]) =>
  codes.includes((error as NodeJS.ErrnoException)?.code ?? '');

/** `value` if an error says that a file or folder is missing; throws other errors. */
function ifMissing<T>(error: unknown, value: T): T {
  if (hasCode(error, MISSING_CODES)) return value;
  throw error;
}

/**
 * A store in a folder of this machine. The folder is created at the first write. If the process is killed during a write, the
 * old bytes or the new ones are there. The folder itself may be a link; links below it that lead out of it are refused.
 *
 * Its methods throw an InputError for a name that leads out of the folder, also over a link in it; `read` for a pipe or a
 * device; `write` and `remove` with the code 'unwritable' where the disk is full or the folder cannot be written.
 */
export function folderStore(folder: string): BlobStore {
  expectString('folder', folder);
  const root = resolve(folder);
  return {
    location: root,
    read: async (name) => readIfPresent(await pathInside(root, name)),
    list: async (prefix = '') => (await namesBelow(root)).filter((name) => name.startsWith(prefix)).sort(),
    async write(name, bytes) {
      const path = await pathInside(root, name);
      await mkdir(dirname(path), { recursive: true }).catch((error) => {
        throw toWriteError(error, path);
      });
      await writeFileAtomically(path, (file) => file.writeFile(bytes));
    },
    async remove(name) {
      const path = await pathInside(root, name);
      // On Windows a file that is open cannot be removed: it is tried again.
      await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch((error) => {
        if (!hasCode(error, MISSING_CODES)) throw toWriteError(error, path);
      });
    },
  };
}

/** The bytes of a file; undefined if there is none. */
async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  const stats = await stat(path).catch((error) => ifMissing(error, undefined));
  if (!stats || stats.isDirectory()) return undefined;
  return readRegularFile(path).catch((error) => ifMissing(error, undefined));
}

/** The names of all files below a folder, without unfinished writes and the files that convlens keeps for itself. */
async function namesBelow(root: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(root, options).catch((error) => ifMissing(error, []));
  return entries
    .filter((entry) => entry.isFile() && !isTemporaryName(entry.name) && !isOwnName(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
