import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cacheFolder } from '@convlens/image-set/node';
import { datasetNames } from '@convlens/pipeline';

/** Where data sets lie: as typed, else where a run found them, else $CONVLENS_DATA_DIR, else the cache folder. */
export function dataFolder(typed: string | undefined, { dataDir }: { dataDir?: string } = {}): string {
  return resolve(typed ?? dataDir ?? (process.env.CONVLENS_DATA_DIR || cacheFolder()));
}

/** A data set as it was typed: a name as it is, a folder of one's own as its whole path, so that it is found again. */
export function typedDataset(data: string): string {
  if ((datasetNames as string[]).includes(data)) return data;
  const isFolder = statSync(data, { throwIfNoEntry: false })?.isDirectory();
  return isFolder || /[\\/]/.test(data) ? resolve(data) : data;
}
