import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cacheFolder } from '@convlens/image-set/node';
import { idsOf } from '@convlens/core';
import { DATASETS } from '@convlens/pipeline';

/** The folder of the data sets: the option, else the one that a run used, else $CONVLENS_DATA_DIR, else the cache folder. */
export function resolveDataDir(option: string | undefined, { dataDir }: { dataDir?: string } = {}): string {
  return resolve(option ?? dataDir ?? (process.env.CONVLENS_DATA_DIR || cacheFolder()));
}

/** The id of a data set, unchanged, or the absolute path of a folder of images, so that a run finds it again. */
export function resolveDataset(data: string): string {
  if (idsOf(DATASETS).includes(data)) return data;
  const isFolder = statSync(data, { throwIfNoEntry: false })?.isDirectory();
  return isFolder || /[\\/]/.test(data) ? resolve(data) : data;
}

/** Whether a data set is loaded from published files; generated data sets and folders of images are not. */
export const needsFiles = (data: string): boolean =>
  DATASETS.some((dataset) => dataset.id === data && dataset.needsFiles);
