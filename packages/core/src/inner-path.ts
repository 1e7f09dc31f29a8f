import { InputError } from './guards/input-error.js';
import { expectString } from './guards/values.js';

/** A drive of Windows ("C:"), or the scheme of an address of a file. */
const PREFIX = /^([a-z]|file):/i;

/**
 * Whether a path names something inside the folder or archive that it comes from: parts separated by "/", none of them "..",
 * without a drive, a scheme, a backslash or a zero character.
 */
export const isInnerPath = (path: string): boolean =>
  expectString('path', path) !== '' &&
  !path.startsWith('/') &&
  !PREFIX.test(path) &&
  !/[\\\0]/.test(path) &&
  !path.split('/').includes('..');

/**
 * Returns `path` if `isInnerPath`; else throws an InputError.
 *
 * @param owner the folder, archive or file that the path is written in, for the message
 */
export function expectInnerPath(owner: string, path: string): string {
  expectString('owner', owner);
  if (isInnerPath(path)) return path;
  throw new InputError(
    `Expected ${owner} to name files inside it, such as "folder/file", got ${JSON.stringify(path)}`,
  );
}
