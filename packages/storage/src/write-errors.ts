import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expectString, InputError, isInputError } from '@convlens/core';

const DISK_FULL_CODES = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const READ_ONLY_CODES = ['EROFS'];
const FORBIDDEN_CODES = ['EACCES', 'EPERM'];
const NO_FOLDER_CODES = [
  'EEXIST',
  'ENOTDIR',
  'ENOENT',
  'EISDIR',
  'ENOTEMPTY',
  'ENAMETOOLONG',
  'EINVAL',
  'EIO',
];

const OTHER_FOLDER = 'choose another folder (on the command line --out)';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException)?.code ?? '';

export const isDiskFull = (error: unknown): boolean => DISK_FULL_CODES.includes(codeOf(error));

/**
 * The error of a write to `path` as an InputError with the code 'unwritable', which names the path and the reason. Errors
 * that do not come from the file system are returned as they are.
 */
export function toWriteError(error: unknown, path: string): unknown {
  if (isInputError(error)) return error;
  const reason = reasonOf(error);
  return reason === undefined
    ? error
    : new InputError(`Cannot write ${path}: ${reason}`, { code: 'unwritable' });
}

/**
 * Why the files of a folder cannot be written, in a sentence; undefined if they can be.
 *
 * @throws what the file system throws for another reason.
 */
export async function whyReadOnly(folder: string): Promise<string | undefined> {
  expectString('folder', folder);
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const writeError = toWriteError(error, resolve(folder));
    if (!isInputError(writeError)) throw error;
    return writeError.message;
  }
}

function reasonOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (isDiskFull(error)) return `the disk is full (${code}): make room, or ${OTHER_FOLDER}`;
  if (READ_ONLY_CODES.includes(code)) return `the file system is read-only (${code}): ${OTHER_FOLDER}`;
  if (FORBIDDEN_CODES.includes(code)) return `permission denied (${code}): ${OTHER_FOLDER}`;
  return NO_FOLDER_CODES.includes(code) ? (error as Error).message : undefined;
}
