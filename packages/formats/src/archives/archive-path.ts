import { expectInnerPath } from '@convlens/core';

/**
 * A path of an archive without "./" and empty parts.
 *
 * @throws InputError if it leads out of the archive.
 */
export function innerPathOf(archive: string, path: string): string {
  const inner = path.replace(/^(\.\/+)+/, '').replaceAll(/\/(\.?\/)+/g, '/');
  return expectInnerPath(archive, inner);
}

/** Where a link leads to that lies in a folder: undefined if that is outside of the archive. */
export function linkedPath(folder: string, target: string): string | undefined {
  if (target.startsWith('/') || target.includes('\\')) return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
