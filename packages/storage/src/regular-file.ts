import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { expectString, expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';

export interface ReadRegularFileOptions {
  /** The most bytes that the file may have; default 2 GiB - 1, the most that a buffer of Node holds on every machine. */
  readonly maxBytes?: number;
}

const READ_REGULAR_FILE_OPTIONS: OptionNames<ReadRegularFileOptions> = { maxBytes: true };

const DEFAULT_MAX_BYTES = 2 ** 31 - 1;

/** On Windows there is no such flag, and no pipe in a folder. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants;

/**
 * The bytes of a file, if it is a regular one: a pipe would be waited for, a device may have no end, a file that grows is read
 * up to the size that it had. Links are followed.
 *
 * @throws InputError that names the path if it is a folder, a pipe, a device or a socket, or larger than `maxBytes`. What the
 * file system throws, for example if there is no file (code ENOENT), is thrown as it is.
 */
export async function readRegularFile(
  path: string,
  options: ReadRegularFileOptions = {},
): Promise<Uint8Array> {
  expectOptions('readRegularFile', options, READ_REGULAR_FILE_OPTIONS);
  expectString('path', path);
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  expectInteger('maxBytes', maxBytes);
  // A device is not even opened. After it is opened, the file cannot be another one: it may have been replaced in between.
  expectRegular(path, await stat(path), maxBytes);
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    const { size } = expectRegular(path, await file.stat(), maxBytes);
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** The text of a regular file; empty if there is none. */
export async function readTextIfPresent(path: string): Promise<string> {
  const bytes = await readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return new Uint8Array();
    throw error;
  });
  return new TextDecoder().decode(bytes);
}

/**
 * Throws an InputError unless a path leads to a regular file. What the file system throws is thrown as it is.
 */
export async function expectRegularFile(path: string): Promise<void> {
  expectString('path', path);
  expectRegular(path, await stat(path), Infinity);
}

function expectRegular(path: string, stats: Stats, maxBytes: number): Stats {
  if (!stats.isFile())
    throw new InputError(`Expected ${JSON.stringify(path)} to be a regular file, got ${kindOf(stats)}`);
  if (stats.size > maxBytes)
    throw new InputError(
      `Expected ${JSON.stringify(path)} to have at most ${maxBytes} bytes, got ${stats.size}`,
    );
  return stats;
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'something else';
}
