import { lstat, realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { InputError } from '@convlens/core';

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/**
 * The path of a name in a folder.
 *
 * @param root the absolute path of the folder, which need not exist. It may be a link itself.
 * @throws InputError if the name leads out of the folder: by "..", as an absolute path, or over a link in the folder.
 */
export async function pathInside(root: string, name: string): Promise<string> {
  const path = resolve(root, name);
  if (!isInside(root, path))
    throw new InputError(`Expected a name inside ${root}, got ${JSON.stringify(name)}`);
  const [realRoot, realPath] = await Promise.all([realPathOf(root), realPathOf(path)]);
  if (!isInside(realRoot, realPath))
    throw new InputError(
      `Expected a file inside ${root}, got ${JSON.stringify(name)}, a link to ${JSON.stringify(realPath)}: ` +
        'copy the file into the folder',
    );
  return path;
}

/**
 * The path of a file that convlens keeps in a folder for itself.
 *
 * @throws InputError if it is a link, wherever that leads.
 */
export async function pathOfOwnFile(root: string, name: string): Promise<string> {
  const path = await pathInside(root, name);
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSymbolicLink())
    throw new InputError(`Expected ${JSON.stringify(name)} in ${root} to be a file, got a link: remove it`);
  return path;
}

/** Where a path leads, links followed, whether or not its last parts exist. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path || !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    return resolve(await realPathOf(parent), path.slice(parent.length).replace(/^[\\/]+/, ''));
  }
}
