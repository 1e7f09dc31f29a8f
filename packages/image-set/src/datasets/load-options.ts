import {
  expectMethods,
  expectFields,
  expectObject,
  expectBoolean,
  expectInteger,
  expectOneOf,
  formatCount,
  type OptionNames,
} from '@convlens/core';
import type { ByteReader } from '@convlens/formats';
import type { DownloadProgress } from '../sources/download-progress.js';

/** A file that a loader has read. */
export interface LoadedFile {
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  /** Whether it has the official checksum; undefined if the checksum was not computed or is not known. */
  readonly verified?: boolean;
}

/** Options of the loaders of published data sets. */
export interface LoadOptions {
  /** Stops at the next chunk and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called a few times per second during a download. */
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Called after each file is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Whether to compute the checksums of unpacked files too; default false. Archives are always verified. */
  readonly verify?: boolean;
  /**
   * Whether the files must be the official ones; default true. If false, files may hold fewer images and have any checksum:
   * for other data sets in the same format.
   */
  readonly official?: boolean;
}

/** Options of the loaders of published data sets with training and test images. */
export interface LoadSplitOptions extends LoadOptions {
  /** Default 'train'. */
  readonly split?: 'train' | 'test';
  /** Loads only the first images, >= 1; default all. */
  readonly limit?: number;
  /** Called with the number of images loaded so far and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The names of the LoadSplitOptions, for `expectOptions`. */
export const LOAD_SPLIT_OPTIONS: OptionNames<LoadSplitOptions> = {
  split: true,
  limit: true,
  onProgress: true,
  signal: true,
  onDownload: true,
  onFile: true,
  verify: true,
  official: true,
};

/** Throws an InputError if an option is out of range. */
export function expectLoadSplitOptions(options: LoadSplitOptions): void {
  expectObject('the options', options);
  const { split, limit, verify, official } = options;
  if (split !== undefined) expectOneOf('split', split, ['train', 'test']);
  if (limit !== undefined && limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  if (verify !== undefined) expectBoolean('verify', verify);
  if (official !== undefined) expectBoolean('official', official);
}

export interface ImageCounts {
  /** The number of images that the file declares. */
  readonly declared: number;
  /** The number of images of the official file. */
  readonly expected: number;
  readonly official: boolean;
}

/**
 * Throws an InputError unless a file declares as many images as the official one; at least one and at most as many if it
 * need not be official.
 */
export function expectImageCount(reader: ByteReader, counts: ImageCounts): void {
  expectMethods('reader', reader, 'a ByteReader', ['error']);
  expectFields('ImageCounts', 'counts', counts, { declared: 'number', expected: 'number' });
  const { declared, expected, official } = counts;
  if (official ? declared === expected : declared >= 1 && declared <= expected) return;
  const range = official ? `${formatCount(expected)} images` : `1 to ${formatCount(expected)} images`;
  throw reader.error(range, `${declared}`);
}
