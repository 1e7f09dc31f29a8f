import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import type { OpenOutputFolderOptions, OutputFolder } from '@convlens/storage/node';
import { withOutputFolder } from './output-folder.js';

/**
 * Opens the folder of --out, else a new folder in runs/ that is named after `name`, calls `callback` with it, and closes it. A new
 * folder without files is removed.
 */
export async function withNewRunFolder<T>(
  name: string,
  { out, ...options }: OpenOutputFolderOptions & { out: string | undefined },
  callback: (output: OutputFolder) => Promise<T>,
): Promise<T> {
  if (out !== undefined) return withOutputFolder(out, options, callback);
  try {
    return await withOutputFolder(await newRunFolder(name), { ...options, isNew: true }, callback);
  } finally {
    // Also runs/, if it has no run.
    await rmdir('runs').catch(() => {});
  }
}

/**
 * Creates the first of runs/shapes-1, runs/shapes-2, ... that does not exist. Of two commands that are started at once each
 * gets a folder of its own.
 */
export async function newRunFolder(name: string): Promise<string> {
  await createFolder('runs');
  for (let number = 1; ; number++) {
    const folder = join('runs', `${name}-${number}`);
    if (await createFolder(folder)) return folder;
  }
}

/** Whether a folder was created; false if something has its name. */
async function createFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new InputError(`Cannot create the folder ${folder}: ${message}`, { code: 'unwritable' });
  }
}
