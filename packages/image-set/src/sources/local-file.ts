import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expectString, InputError } from '@convlens/core';
import type { RandomAccess } from '@convlens/formats';
import { expectRegularFile } from '@convlens/storage/node';

/**
 * A file of this machine, of which any part can be read: an archive for `archiveFiles`. Its name is the absolute path.
 *
 * @throws InputError if there is no such file, or if it is a folder, a pipe or a device.
 */
export async function localFile(path: string): Promise<RandomAccess> {
  expectString('path', path);
  const name = resolve(path);
  try {
    // Of a device or a pipe even opening may wait.
    await expectRegularFile(name);
    return { name, bytes: await sizeOf(name), read: (start, end) => readPart(name, start, end) };
  } catch (error) {
    throw asInputError(name, error as Error);
  }
}

async function sizeOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** The bytes from one position up to another; fewer at the end of the file. */
async function readPart(path: string, start: number, end: number): Promise<Uint8Array> {
  try {
    // Opened for each part, so that nothing must be closed afterwards.
    const file = await open(path);
    try {
      const bytes = new Uint8Array(Math.max(0, end - start));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asInputError(path, error as Error);
  }
}

const asInputError = (path: string, error: Error): Error =>
  error instanceof InputError
    ? error
    : new InputError(`${path}: expected a file that can be read: ${error.message}`);
