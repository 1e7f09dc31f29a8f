import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cacheFolder } from '@convlens/image-set/node';
import { idsOf, InputError } from '@convlens/core';
import { DATASETS, dataName, isFolderPath, type RunDescription } from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { quoteArgument } from '../terminal/quote-argument.js';
import { rememberedFolder } from './remembered-folders.js';

/** The folder of the data sets: the option, else $CONVLENS_DATA_DIR, else the cache folder. */
export const resolveDataDir = (option: string | undefined): string =>
  resolve(option ?? (process.env.CONVLENS_DATA_DIR || cacheFolder()));

/** The folder that a run is remembered by: its folder of images, or that of the data sets; undefined of generated images. */
export const folderToRemember = (data: string, dataDir: string): string | undefined =>
  isFolderPath(data) ? resolve(data) : needsFiles(data) ? dataDir : undefined;

/**
 * The data set and the folder of the data sets for a run that is in a run folder.
 *
 * Nothing is opened because a file of a run folder names it: the folder may come from somebody else. So the images of a run that
 * was trained on a folder are those of --data, or those that this user trained on (`rememberedFolder`). A run with another
 * data folder is told how to name it.
 *
 * @throws InputError if the run was trained on a folder of images, and --data is not given and its place not remembered
 */
export async function resolveRunData(
  flags: { data?: string; dataDir?: string },
  { settings, dataChecksum, ...earlier }: RunDescription,
  console: Console,
): Promise<{ data: string; dataDir: string }> {
  const remembered = await rememberedFolder(dataChecksum);
  // A name that is no data set may be that of a folder here.
  const isFolder = !idsOf(DATASETS).includes(settings.data);
  const data = flags.data ?? (isFolder ? expectFound(settings.data, remembered) : settings.data);
  const dataDir = resolveDataDir(flags.dataDir);
  const used = isFolder ? undefined : (remembered ?? earlier.dataDir);
  if (flags.dataDir === undefined && used !== undefined && used !== dataDir && needsFiles(data))
    console.warn(`The data sets are read from ${dataDir}; this run used --data-dir ${used}`);
  return { data, dataDir };
}

/** The remembered folder of a run, if it is there. */
function expectFound(name: string, remembered: string | undefined): string {
  if (remembered !== undefined && isThere(remembered)) return remembered;
  const place =
    remembered === undefined
      ? 'and where its images lie on this machine is not known'
      : `which was ${remembered} and is no longer there`;
  throw new InputError(
    `Expected --data, since this run was trained on the folder ${dataName(name)}, ${place}: add --data ${quoteArgument(name)}, ` +
      'with the path of that folder',
  );
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** The id of a data set, unchanged, or the absolute path of a folder or a file of images, so that a run finds it again. */
export function resolveDataset(data: string): string {
  if (idsOf(DATASETS).includes(data)) return data;
  return isThere(data) || /[\\/]/.test(data) ? resolve(data) : data;
}

/** Whether a data set is loaded from published files; generated data sets and folders of images are not. */
export const needsFiles = (data: string): boolean =>
  DATASETS.some((dataset) => dataset.id === data && dataset.needsFiles);
