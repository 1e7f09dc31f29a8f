import { open, rm } from 'node:fs/promises';
import { expectFunction, expectString, InputError } from '@convlens/core';
import { temporaryName } from '../temporary-names.js';
import { toWriteError } from '../write-errors.js';
import { renameOver } from './rename-over.js';

/** The open file that `writeFileAtomically` passes to its callback. */
export interface AtomicFile {
  /** Appends bytes or text. */
  writeFile(data: Uint8Array | string): Promise<void>;
}

/**
 * Writes a file under a temporary name in the same folder and renames it when it is complete and on the disk. If the process
 * is killed, the old file or the new one is there; if `write` fails, the temporary file is removed.
 *
 * @param path the path of the file; its folder must exist
 * @param write writes the contents to the open file; it returns nothing
 * @throws InputError with the code 'unwritable' if the disk is full, or the folder cannot be written; else what `write`
 *   throws.
 */
export async function writeFileAtomically(
  path: string,
  write: (file: AtomicFile) => Promise<void>,
): Promise<void> {
  expectString('path', path);
  expectFunction('write', write);
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      expectNoResult(await write(file));
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw toWriteError(error, path);
  }
}

/** Throws an InputError if the contents were returned: the file would be empty. */
function expectNoResult(result: unknown): void {
  if (result !== undefined)
    throw new InputError(
      'Expected write to write with file.writeFile(contents), got a function that returns the contents',
    );
}
