import { stat } from 'node:fs/promises';
import { expectString } from '@convlens/core';
import type { RandomAccess } from '@convlens/formats';
import type { FileSource } from './file-source.js';
import { folderFiles } from './folder-files.js';
import { localFile } from './local-file.js';

/**
 * The folder or the file at a path of this machine, for `loadImages`. A path where nothing is counts as an empty folder, as for
 * `folderFiles`.
 *
 * @throws InputError if there is a pipe or a device
 */
export async function localSource(path: string): Promise<FileSource | RandomAccess> {
  expectString('path', path);
  const stats = await stat(path).catch(() => undefined);
  return stats && !stats.isDirectory() ? localFile(path) : folderFiles(path);
}
