import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '@convlens/core';
import { TEMPORARY_NAME, writeFileAtomically } from './atomic-write.js';
import type { BlobStore } from './blob-store.js';

const MISSING_CODES = ['ENOENT', 'ENOTDIR', 'EISDIR'];
const NOT_WRITABLE_CODES = ['EEXIST', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOENT'];

const hasCode = (error: unknown, codes: readonly string[]) =>
  codes.includes((error as NodeJS.ErrnoException)?.code ?? '');

/** `value` if an error says that a file or folder is missing; throws other errors. */
function ifMissing<T>(error: unknown, value: T): T {
  if (hasCode(error, MISSING_CODES)) return value;
  throw error;
}

/**
 * A store in a folder of this machine. The folder is created at the first write. If the process is killed during a write, the
 * old bytes or the new ones are there.
 *
 * Its methods throw an InputError for a name outside the folder, and `write` for a folder that cannot be written.
 */
export function folderStore(folder: string): BlobStore {
  const root = resolve(folder);
  return {
    location: root,
    read: async (name) => readIfPresent(pathInside(root, name)),
    list: async (prefix = '') => (await namesBelow(root)).filter((name) => name.startsWith(prefix)).sort(),
    async write(name, bytes) {
      const path = pathInside(root, name);
      await mkdir(dirname(path), { recursive: true }).catch((error) => {
        throw hasCode(error, NOT_WRITABLE_CODES)
          ? new InputError(`Expected a folder that can be written, got ${root}: ${error.message}`)
          : error;
      });
      await writeFileAtomically(path, (file) => file.writeFile(bytes));
    },
    async remove(name) {
      const path = pathInside(root, name);
      await rm(path, { recursive: true, force: true }).catch((error) => ifMissing(error, undefined));
    },
  };
}

function pathInside(root: string, name: string): string {
  const path = resolve(root, name);
  if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new InputError(`Expected a name inside ${root}, got ${JSON.stringify(name)}`);
  return path;
}

async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch((error) => ifMissing(error, undefined));
  // A plain Uint8Array: `slice` of a Buffer does not copy.
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The names of all files below a folder, without those of unfinished writes. */
async function namesBelow(root: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(root, options).catch((error) => ifMissing(error, []));
  return entries
    .filter((entry) => entry.isFile() && !TEMPORARY_NAME.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
