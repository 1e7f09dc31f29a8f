import { expectReader } from '@convlens/storage';
import {
  expectInteger,
  expectOneOf,
  expectOptions,
  type LabeledImageSet,
  type OptionNames,
} from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { expectColor } from '../codecs/expect-color.js';
import { RESIZE_FITS, type ResizeFit, type Size } from '../codecs/resize.js';
import type { RgbColor } from '../codecs/to-rgb.js';
import {
  readFolderLayout,
  type FolderLayout,
  type ReadFolderLayoutOptions,
} from '../layout/folder-layout.js';
import { FOLDER_SPLITS } from '../layout/split-name.js';
import { selectFiles, type FolderSplit } from '../layout/select-files.js';
import { collectPixels } from './collect-pixels.js';
import { commonSize, sampleFiles, sizeOf } from './common-size.js';
import type { LoadedFile } from './load-options.js';
import { readImages } from './read-images.js';
import { setNameOf } from './set-name.js';

/** What is read of a folder, and in which size. */
export interface OpenFolderOptions extends Partial<Size>, ReadFolderLayoutOptions {
  /** How an image of another aspect ratio is resized; default 'center-crop'. */
  readonly fit?: ResizeFit;
  /** Values per pixel: 3 (default), or 1 for gray (the luminance by ITU-R BT.601, as Pillow's mode L). */
  readonly channels?: 1 | 3;
  /** The color that shows through transparent pixels, and beside images that are padded; default black. */
  readonly background?: RgbColor;
  /**
   * 'all' (default) loads every image. 'train', 'validation' and 'test' load those of their folders; without a test folder, a
   * fixed fifth of each class is the test set.
   */
  readonly split?: FolderSplit;
  /** The most images to load, >= 1; default all. Fewer are a stratified sample, always the same. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Called once, before images are read, with how the folder was understood. */
  readonly onLayout?: (layout: FolderLayout) => void;
}

export interface LoadFolderOptions extends OpenFolderOptions {
  /** Called after each file is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Called with the number of images read so far and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

export const OPEN_FOLDER_OPTIONS: OptionNames<OpenFolderOptions> = {
  height: true,
  width: true,
  fit: true,
  channels: true,
  background: true,
  split: true,
  limit: true,
  labels: true,
  labelColumns: true,
  signal: true,
  onLayout: true,
};

export const LOAD_FOLDER_OPTIONS: OptionNames<LoadFolderOptions> = {
  ...OPEN_FOLDER_OPTIONS,
  onFile: true,
  onProgress: true,
};

/** Throws an InputError unless the options have values that are known. */
export function expectFolderOptions({ split, limit, channels, background, fit }: OpenFolderOptions): void {
  if (background !== undefined) expectColor('background', background);
  if (split !== undefined) expectOneOf('split', split, ['all', ...FOLDER_SPLITS]);
  if (channels !== undefined) expectOneOf('channels', String(channels), ['1', '3']);
  if (limit !== undefined && limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  if (fit !== undefined) expectOneOf('fit', fit, RESIZE_FITS);
}

/**
 * Loads a folder of PNG, JPEG, WebP, GIF and BMP files, all resized to `height` x `width`, after a center crop to that aspect ratio
 * (`fit`). The default is the size that most of them have, with sides of at most 64. `readFolderLayout` finds their
 * classes and splits. Classes are in alphabetical order, those of all splits; the images of a class are in the order of their
 * names. Pixels are count x height x width x channels bytes.
 *
 * @throws InputError if there are no images or no classes, or if a file cannot be decoded.
 */
export async function loadFolder(
  reader: BlobReader,
  options: LoadFolderOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadFolder', options, LOAD_FOLDER_OPTIONS);
  expectReader('reader', reader);
  expectFolderOptions(options);
  const { split = 'all', limit = Infinity, channels = 3, background } = options;
  const { labels, labelColumns, onLayout } = options;
  const layout = await readFolderLayout(reader, { labels, labelColumns });
  onLayout?.(layout);
  const { classNames } = layout;
  const files = selectFiles(layout, { split, limit, location: reader.location });
  const { height, width } =
    sizeOf(options) ?? (await commonSize(readImages(reader, sampleFiles(layout), background)));
  const pixels = await collectPixels(readImages(reader, files, background), {
    ...options,
    count: files.length,
    height,
    width,
    channels,
  });
  const folder = setNameOf(reader.location);
  return {
    kind: 'image-set',
    name: split === 'all' ? folder : `${folder} ${split}`,
    pixels,
    labels: Int32Array.from(files, ({ label }) => label),
    count: files.length,
    height,
    width,
    channels,
    classNames,
  };
}
