import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatCount, InputError, isInputError } from '@convlens/core';

const DISK_FULL_CODES = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const WHAT_TO_DO = 'Make room, or name another folder (on the command line --data-dir)';

export const isDiskFull = (error: unknown): boolean =>
  DISK_FULL_CODES.includes((error as NodeJS.ErrnoException)?.code ?? '');

/** Throws an InputError if the disk of a folder has less than `needed` bytes free. The folder need not exist yet. */
export async function expectFreeSpace(folder: string, needed: number): Promise<void> {
  let existing = folder;
  let stats = await statfs(existing).catch(() => undefined);
  while (!stats && dirname(existing) !== existing) {
    existing = dirname(existing);
    stats = await statfs(existing).catch(() => undefined);
  }
  // File systems without a disk may report no blocks at all.
  const free = stats?.blocks ? stats.bavail * stats.bsize : Infinity;
  if (free < needed)
    throw new InputError(
      `The disk is full: ${folder} has ${formatCount(free)} bytes free, ${formatCount(needed)} are needed. ${WHAT_TO_DO}`,
    );
}

/** The error of a write to a folder as an InputError. */
export function toInputError(error: unknown, folder: string): unknown {
  if (isInputError(error)) return error;
  const { code = '', message } = Object(error) as NodeJS.ErrnoException;
  if (isDiskFull(error))
    return new InputError(
      `The disk is full (${code}): ${folder} has no room for the rest of the download. The received part was removed; ` +
        `files that were there before are unchanged. ${WHAT_TO_DO}`,
    );
  return new InputError(`Expected a folder that can be written, got ${folder}: ${message}`);
}
