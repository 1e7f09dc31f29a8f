import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { InputError } from '@convlens/core';

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** The path of a name below a folder. Throws an InputError if the name leads out of it. */
export function pathInside(root: string, name: string): string {
  const path = resolve(root, name);
  if (!isInside(root, path))
    throw new InputError(`Expected a name inside ${root}, got ${JSON.stringify(name)}`);
  return path;
}

/** Throws an InputError if a link below a folder leads out of it, to a file or to a folder on the way to it. */
export async function expectNoLinkOutside(root: string, path: string): Promise<void> {
  const realRoot = await realpathIfPresent(root);
  if (realRoot === undefined) return;
  // What does not exist yet is created in the nearest folder that exists.
  let existing = path;
  let real = await realpathIfPresent(existing);
  while (real === undefined && existing !== root) {
    existing = dirname(existing);
    real = await realpathIfPresent(existing);
  }
  if (real !== undefined && !isInside(realRoot, real))
    throw new InputError(`Expected ${existing} inside of ${root}, got a link to ${real}`);
}

const realpathIfPresent = (path: string): Promise<string | undefined> =>
  realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
