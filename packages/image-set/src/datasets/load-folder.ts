import { expectReader } from '@convlens/storage';
import {
  expectInteger,
  expectOneOf,
  expectOptions,
  InputError,
  type LabeledImageSet,
  type OptionNames,
} from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { decodeImage, expectColor } from '../codecs/decode-image.js';
import type { ResizeOptions } from '../codecs/resize.js';
import type { RgbColor } from '../codecs/to-rgb.js';
import {
  readFolderLayout,
  type FolderLayout,
  type ReadFolderLayoutOptions,
} from '../layout/folder-layout.js';
import type { ImageFile } from '../layout/image-file.js';
import { FOLDER_SPLITS } from '../layout/split-name.js';
import { selectFiles, type FolderSplit } from '../layout/select-files.js';
import type { ReadImage } from '../containers/image-records.js';
import { collectPixels } from './collect-pixels.js';
import type { LoadedFile } from './load-options.js';
import { setNameOf } from './set-name.js';

export interface LoadFolderOptions extends Partial<ResizeOptions>, ReadFolderLayoutOptions {
  /** Values per pixel: 3 (default), or 1 for gray (the luminance by ITU-R BT.601, as Pillow's mode L). */
  readonly channels?: 1 | 3;
  /** The color that shows through transparent pixels; default black. */
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
  /** Called after each file is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Called with the number of images read so far and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

export const LOAD_FOLDER_OPTIONS: OptionNames<LoadFolderOptions> = {
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
  onFile: true,
  onProgress: true,
};

export const DEFAULT_SIZE = 32;

/**
 * Loads a folder of PNG and JPEG files, all resized to `height` x `width` (default 32 x 32). `readFolderLayout` finds their
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
  const { split = 'all', limit = Infinity, channels = 3, background } = options;
  if (background !== undefined) expectColor('background', background);
  expectOneOf('split', split, ['all', ...FOLDER_SPLITS]);
  expectOneOf('channels', String(channels), ['1', '3']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const { labels, labelColumns, onLayout } = options;
  const layout = await readFolderLayout(reader, { labels, labelColumns });
  onLayout?.(layout);
  const { classNames } = layout;
  const files = selectFiles(layout, { split, limit, location: reader.location });
  const { height = DEFAULT_SIZE, width = DEFAULT_SIZE } = options;
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

async function* readImages(
  reader: BlobReader,
  files: readonly ImageFile[],
  background: RgbColor | undefined,
): AsyncGenerator<ReadImage> {
  for (const [position, { name }] of files.entries()) {
    const path = `${reader.location}/${name}`;
    const bytes = await reader.read(name);
    if (!bytes) throw new InputError(`${path}: expected an image, found no such file`);
    const image = decodeImage(bytes, { name: path, background });
    yield { position, name, image, bytes: bytes.length };
  }
}
