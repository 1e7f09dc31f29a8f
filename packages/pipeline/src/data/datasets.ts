import { expectReader } from '@convlens/storage';
import { CIFAR_DATASETS } from '@convlens/cifar-data';
import {
  expectString,
  expectOptions,
  extend,
  findEntry,
  idsOf,
  InputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { DIGITS_DATASETS } from '@convlens/digits-data';
import type { Dataset, FileSource, LoadDatasetSplitOptions } from '@convlens/image-set/files';
import { loadImages, type FolderLayout, type ImageSource, type RgbColor } from '@convlens/image-set/folder';
import { generateShapes, SHAPES_CLASSES } from '@convlens/image-set/shapes';

/** The seed of the generated shapes; it is fixed, so that every run has the same images. */
const SHAPES_SEED = 0;
const SHAPES_TRAIN_COUNT = 5000;
const SHAPES_TEST_COUNT = 1000;

const shapesDataset: Dataset = {
  id: 'shapes',
  title: 'generated shapes: color images of 32 x 32 in 10 classes, without a download',
  classNames: SHAPES_CLASSES,
  needsFiles: false,
  load: async (_, { split, limit = SHAPES_TRAIN_COUNT }) =>
    generateShapes({ split, count: split === 'train' ? limit : SHAPES_TEST_COUNT, seed: SHAPES_SEED }),
};

/** The built-in data sets. For others pass `extend(DATASETS, [...])` as the option `datasets`. */
export const DATASETS: readonly Dataset[] = extend(extend([shapesDataset], CIFAR_DATASETS), DIGITS_DATASETS);

export interface LoadDatasetOptions extends Partial<Omit<LoadDatasetSplitOptions, 'split'>> {
  /** Default 'test'. The test images are always all of them. A folder of images may have validation images of its own. */
  readonly split?: 'train' | 'validation' | 'test';
  /**
   * Where the files are: of a data set its data folder or downloads, of your own images their folder or file
   * (`localSource` of @convlens/image-set/node).
   */
  readonly source?: FileSource | ImageSource;
  /** Loads only the first training images, or a stratified sample of those of a folder. Default: all; 5,000 of shapes. */
  readonly limit?: number;
  /** The data sets that can be named. Default DATASETS. */
  readonly datasets?: readonly Dataset[];
  /** Called once for a folder of images, with how it was understood. */
  readonly onLayout?: (layout: FolderLayout) => void;
  /** The height of your own images; default 32, of arrays of pixels their own. Data sets have a size of their own. */
  readonly height?: number;
  /** The width of your own images; as `height`. */
  readonly width?: number;
  /** The color that shows through transparent pixels of the images of a folder; default black. */
  readonly background?: RgbColor;
}

const LOAD_DATASET_OPTIONS: OptionNames<LoadDatasetOptions> = {
  split: true,
  source: true,
  limit: true,
  datasets: true,
  onLayout: true,
  height: true,
  width: true,
  background: true,
  signal: true,
  verify: true,
  onProgress: true,
  onDownload: true,
  onFile: true,
};

/**
 * Whether the name of a data set is the path of a folder or a file of images: "./flowers", "./flowers.zip".
 */
export const isFolderPath = (data: string): boolean => /[\\/]|^\.\.?$/.test(expectString('data', data));

/**
 * Returns the name of a data set if it is an id of `datasets` or a path.
 *
 * @throws InputError that lists the ids.
 */
export function expectDataset(data: unknown, datasets: readonly Dataset[] = DATASETS): string {
  const ids = idsOf(datasets);
  if (typeof data === 'string' && (isFolderPath(data) || ids.includes(data))) return data;
  try {
    return findEntry('data', data, datasets).id;
  } catch (error) {
    throw new InputError(
      `${(error as Error).message}; a folder of your own images is named by its path, such as ./flowers`,
    );
  }
}

/**
 * Loads the training or the test images of a data set, or of your own images: a folder, or a file that `loadImages` reads. They
 * are resized to `height` x `width`.
 *
 * @throws InputError if there is no such data set, if it needs files and there is no `source`, if an option of folders is set
 *   for a data set, and as its loader does.
 */
export async function loadDataset(name: string, options: LoadDatasetOptions = {}): Promise<ImageSet> {
  expectOptions('loadDataset', options, LOAD_DATASET_OPTIONS);
  const {
    split = 'test',
    source,
    limit,
    datasets = DATASETS,
    height,
    width,
    background,
    onLayout,
    ...request
  } = options;
  expectDataset(name, datasets);
  if (isFolderPath(name)) {
    const { onProgress, signal, onFile } = request;
    return loadImages(expectSource(name, source), {
      split,
      limit: split === 'train' ? limit : undefined,
      onLayout,
      height,
      width,
      background,
      onProgress,
      signal,
      onFile,
    });
  }
  const dataset = findEntry('data', name, datasets);
  const ofFolders = Object.entries({ height, width, background }).find(([, value]) => value !== undefined);
  if (ofFolders)
    throw new InputError(
      `Expected the option ${ofFolders[0]} only for a folder of images, got it for ${name}`,
    );
  if (split === 'validation')
    throw new InputError(
      `Expected the split train or test of ${name}, got validation: it has no such images`,
    );
  const files = source as FileSource | undefined;
  if (files !== undefined) expectReader('source', files);
  const splitOptions = { ...request, split, limit: split === 'train' ? limit : undefined };
  return dataset.needsFiles
    ? dataset.load(expectSource(name, files), splitOptions)
    : dataset.load(undefined, splitOptions);
}

function expectSource<Source>(name: string, source: Source | undefined): Source {
  if (source) return source;
  throw new InputError(
    `Expected source, the files of ${name}, got none: pass folderFiles(folder) or downloads() of ` +
      '@convlens/image-set/node, on the command line --data-dir or CONVLENS_DATA_DIR',
  );
}
