import { loadCifar10, loadCifar100 } from '@convlens/cifar-data';
import { expectOneOf, InputError, type ImageSet } from '@convlens/core';
import { loadMnist, loadSvhn } from '@convlens/digits-data';
import type { FileSource, LoadedFile, LoadRequest } from '@convlens/image-set/files';
import { loadFolder } from '@convlens/image-set/folder';
import { makeShapes } from '@convlens/image-set/shapes';
import { loadGeneratedSvhn } from './generated-svhn.js';

export interface LoadDatasetOptions extends Omit<LoadRequest, 'official'> {
  /** Where the data sets that are not drawn lie, or come from; of a folder of one's own, that folder. */
  reader?: FileSource;
  /** Only the first so many training images. Default: all; 5,000 of shapes. */
  limit?: number;
  onProgress?: (done: number, total: number) => void;
}

export type { LoadedFile };

type Split = 'train' | 'test';

/** Shapes are one and the same set for every run: its seed is not that of the run. */
const SHAPES_SEED = 0;

const published = {
  cifar10: loadCifar10,
  cifar100: loadCifar100,
  mnist: loadMnist,
  svhn: loadSvhn,
  'svhn-generated': loadGeneratedSvhn,
};

export type DatasetName = 'shapes' | keyof typeof published;

/** Every data set that loadDataset knows by a name; a folder of one's own images is told from them by its path. */
export const datasetNames = ['shapes', ...Object.keys(published)] as DatasetName[];

/** Whether a data set is a folder of one's own, one folder a class in it: "./flowers", "/data/flowers". */
export const isImageFolder = (data: string): boolean => /[\\/]|^\.\.?$/.test(data);

/** Returns what names a data set: a known name, or the path of a folder. */
export function expectDataset(data: unknown): string {
  if (typeof data === 'string' && isImageFolder(data)) return data;
  try {
    return expectOneOf('data', data, datasetNames);
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}; a folder of your own images is given by a path, such as ./flowers`,
    );
  }
}

/**
 * Loads the training or the test images of a data set. The test images are always all of them. One's own images are
 * resized to 32 x 32.
 */
export async function loadDataset(
  name: string,
  { split = 'test', reader, limit, onProgress, ...request }: LoadDatasetOptions & { split?: Split } = {},
): Promise<ImageSet> {
  expectDataset(name);
  if (name === 'shapes')
    return makeShapes({ split, count: split === 'train' ? (limit ?? 5000) : 1000, seed: SHAPES_SEED });
  if (!reader)
    throw new InputError(`Expected a folder with ${name} (--data-dir, or CONVLENS_DATA_DIR), got none`);
  const options = { split, limit: split === 'train' ? limit : undefined, onProgress };
  if (isImageFolder(name))
    return loadFolder(reader, { ...options, signal: request.signal, onFile: request.onFile });
  return published[name as keyof typeof published](reader, { ...options, ...request });
}
