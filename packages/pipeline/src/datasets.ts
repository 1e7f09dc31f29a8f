import { loadCifar10 } from '@convlens/cifar-data';
import { expectOneOf, InputError, type BlobReader, type ImageSet } from '@convlens/core';
import { makeShapes } from '@convlens/image-set/shapes';

export interface LoadDatasetOptions {
  /** Where the data sets that are not drawn lie. */
  reader?: BlobReader;
  /** Only the first so many training images. Default: all; 5,000 of shapes. */
  limit?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

type Loader = (split: 'train' | 'test', options: LoadDatasetOptions) => Promise<ImageSet>;

/** Shapes are one and the same set for every run: its seed is not that of the run. */
const SHAPES_SEED = 0;

const loaders = {
  shapes: async (split, { limit }) =>
    makeShapes({ split, count: split === 'train' ? (limit ?? 5000) : 1000, seed: SHAPES_SEED }),
  cifar10: (split, { reader, limit, signal, onProgress }) => {
    if (!reader)
      throw new InputError('Expected a folder with CIFAR-10 (--data-dir, or CONVLENS_DATA_DIR), got none');
    return loadCifar10(reader, { split, limit: split === 'train' ? limit : undefined, signal, onProgress });
  },
} satisfies Record<string, Loader>;

export type DatasetName = keyof typeof loaders;

/** Every data set that loadDataset knows. */
export const datasetNames = Object.keys(loaders) as DatasetName[];

/** Loads the training or the test images of a data set. The test images are always all of them. */
export function loadDataset(
  name: string,
  { split = 'test', ...options }: LoadDatasetOptions & { split?: 'train' | 'test' } = {},
): Promise<ImageSet> {
  const load: Loader = loaders[expectOneOf('data', name, datasetNames)];
  return load(split, options);
}
