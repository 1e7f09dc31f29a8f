import type { ImageSet } from '@convlens/core';
import type { FileSource } from '../sources/file-source.js';
import type { LoadSplitOptions } from './load-options.js';

/** Options of the loader of a data set in a registry. */
export interface LoadDatasetSplitOptions extends Omit<LoadSplitOptions, 'official'> {
  readonly split: 'train' | 'test';
}

export interface DatasetDescription {
  /** The name that a user types, such as "cifar10". */
  readonly id: string;
  /** One line for lists, such as "CIFAR-10: 60,000 color images of 32 x 32 in 10 classes". */
  readonly title: string;
  readonly classNames: readonly string[];
  /** The id of the data set that this one replaces where it is unavailable. */
  readonly standsInFor?: string;
  /**
   * A sentence that accompanies every result measured on it, such as how a stand-in differs. Default: none.
   */
  readonly caveat?: string;
}

/** A data set that is read from files. */
export interface FileDataset extends DatasetDescription {
  readonly needsFiles: true;
  /** Loads the training or the test images. */
  load(source: FileSource, options: LoadDatasetSplitOptions): Promise<ImageSet>;
}

/** A data set that is computed. */
export interface GeneratedDataset extends DatasetDescription {
  readonly needsFiles: false;
  /** Generates the training or the test images. */
  load(source: undefined, options: LoadDatasetSplitOptions): Promise<ImageSet>;
}

/** An entry of the registry of data sets. Each data package exports a list of its entries. */
export type Dataset = FileDataset | GeneratedDataset;
