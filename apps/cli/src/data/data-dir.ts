import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cacheFolder } from '@convlens/image-set/node';
import { idsOf, InputError } from '@convlens/core';
import { DATASETS, type RunDescription } from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { quoteArgument } from '../terminal/quote-argument.js';

/** The folder of the data sets: the option, else $CONVLENS_DATA_DIR, else the cache folder. */
export const resolveDataDir = (option: string | undefined): string =>
  resolve(option ?? (process.env.CONVLENS_DATA_DIR || cacheFolder()));

/**
 * The data set and the folder of the data sets for a run that is in a run folder.
 *
 * Nothing is opened because a file of a run folder names it: the folder may come from somebody else. So a run that was trained on
 * a folder of images needs --data, and one with another data folder is told how to name it.
 *
 * @throws InputError if the run was trained on a folder of images and --data is not given
 */
export function resolveRunData(
  flags: { data?: string; dataDir?: string },
  { settings, dataDir: used }: RunDescription,
  console: Console,
): { data: string; dataDir: string } {
  // A name that is no data set may be that of a folder here.
  if (flags.data === undefined && !idsOf(DATASETS).includes(settings.data))
    throw new InputError(
      `Expected --data, since this run was trained on the folder ${settings.data}, and a folder is not opened because a run ` +
        `folder names it. If it is yours, add --data ${quoteArgument(settings.data)}`,
    );
  const data = flags.data ?? settings.data;
  const dataDir = resolveDataDir(flags.dataDir);
  if (flags.dataDir === undefined && used !== undefined && used !== dataDir && needsFiles(data))
    console.warn(`The data sets are read from ${dataDir}; this run used --data-dir ${used}`);
  return { data, dataDir };
}

/** The id of a data set, unchanged, or the absolute path of a folder or a file of images, so that a run finds it again. */
export function resolveDataset(data: string): string {
  if (idsOf(DATASETS).includes(data)) return data;
  const isThere = statSync(data, { throwIfNoEntry: false }) !== undefined;
  return isThere || /[\\/]/.test(data) ? resolve(data) : data;
}

/** Whether a data set is loaded from published files; generated data sets and folders of images are not. */
export const needsFiles = (data: string): boolean =>
  DATASETS.some((dataset) => dataset.id === data && dataset.needsFiles);
