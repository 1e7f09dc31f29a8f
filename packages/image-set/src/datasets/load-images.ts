import {
  expectList,
  expectOptions,
  expectString,
  InputError,
  type LabeledImageSet,
  type OptionNames,
} from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import type { Size } from '../codecs/resize.js';
import type { ImageRecords } from '../containers/image-records.js';
import { openImages, type OpenedImages } from '../containers/open-images.js';
import { readFolderLayout, type FolderLayout } from '../layout/folder-layout.js';
import { selectFiles } from '../layout/select-files.js';
import { openSource, type ImageSource } from '../sources/image-source.js';
import { collectPixels } from './collect-pixels.js';
import { commonSize, sampleFiles, sizeOf } from './common-size.js';
import {
  expectFolderOptions,
  LOAD_FOLDER_OPTIONS,
  loadFolder,
  type LoadFolderOptions,
} from './load-folder.js';
import { readImages } from './read-images.js';
import { setNameOf } from './set-name.js';

/** The options of loadFolder, of which `labels` and `labelColumns` are for folders of image files alone. */
export interface LoadImagesOptions extends LoadFolderOptions, ReadImagesLayoutOptions {}

export interface ReadImagesLayoutOptions extends Pick<LoadFolderOptions, 'labels' | 'labelColumns'> {
  /** The names of the classes by their indices, where the file has indices alone. Default: those in the file, else the indices. */
  readonly classNames?: readonly string[];
  /** The column of a Parquet or CSV file with the classes. Default: found by its name. */
  readonly labelColumn?: string;
  /** The column of a Parquet file with the images. Default: found by its type. */
  readonly imageColumn?: string;
}

const READ_IMAGES_LAYOUT_OPTIONS: OptionNames<ReadImagesLayoutOptions> = {
  labels: true,
  labelColumns: true,
  classNames: true,
  labelColumn: true,
  imageColumn: true,
};

const LOAD_IMAGES_OPTIONS: OptionNames<LoadImagesOptions> = {
  ...LOAD_FOLDER_OPTIONS,
  ...READ_IMAGES_LAYOUT_OPTIONS,
};

/**
 * Loads images with their classes from a folder or a file, in Node and in a page: a folder of image files, also in a zip,
 * tar or tar.gz archive; a .npz file as Keras caches its data sets (x_train, y_train, x_test, y_test); a CSV file of pixels; Parquet
 * files as Hugging Face distributes them. Nothing is unpacked to disk. The package that reads Parquet is loaded with the first such
 * file.
 *
 * Images of a folder are in the order of `loadFolder`, others in the order of the file. Arrays of pixels keep their size and
 * their number of channels, if `height`, `width` and `channels` do not say others; image files are resized as by
 * `loadFolder`, in color.
 * Labels are class indices or class names; integers without names are named "0", "1", and so on. Without test images a fixed fifth
 * of each class is the test set.
 *
 * @throws InputError if the source holds no images and classes, or is damaged
 */
export async function loadImages(
  source: ImageSource,
  options: LoadImagesOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadImages', options, LOAD_IMAGES_OPTIONS);
  const opened = await open(source, options);
  return 'folder' in opened
    ? loadFolder(opened.folder, optionsOfFolders(options))
    : loadRecords(opened.records, options);
}

/**
 * Finds out how a folder or a file holds images: classes, splits, what is not read. Images are not decoded.
 *
 * @throws InputError as `loadImages` does
 */
export async function readImagesLayout(
  source: ImageSource,
  options: ReadImagesLayoutOptions = {},
): Promise<FolderLayout> {
  expectOptions('readImagesLayout', options, READ_IMAGES_LAYOUT_OPTIONS);
  const { labels, labelColumns } = options;
  const opened = await open(source, options);
  return 'folder' in opened
    ? readFolderLayout(opened.folder, { labels, labelColumns })
    : opened.records.layout;
}

/**
 * The size that images get by default: of arrays of pixels their own, of image files that of most of them, with sides of at most 64.
 * Some training images are decoded.
 *
 * @throws InputError as `loadImages` does
 */
export async function commonImageSize(
  source: ImageSource,
  options: ReadImagesLayoutOptions = {},
): Promise<Size> {
  expectOptions('commonImageSize', options, READ_IMAGES_LAYOUT_OPTIONS);
  const { labels, labelColumns } = options;
  const opened = await open(source, options);
  if ('records' in opened) return sizeOfRecords(opened.records);
  const layout = await readFolderLayout(opened.folder, { labels, labelColumns });
  return commonSize(readImages(opened.folder, sampleFiles(layout), undefined));
}

function sizeOfRecords(records: ImageRecords): Size | Promise<Size> {
  const { shape, layout } = records;
  return shape
    ? { height: shape.height, width: shape.width }
    : commonSize(records.images(sampleFiles(layout)));
}

/** Without those that are for files alone, which `open` has refused. */
const optionsOfFolders = (options: LoadImagesOptions): LoadFolderOptions =>
  Object.fromEntries(Object.entries(options).filter(([name]) => name in LOAD_FOLDER_OPTIONS));

/** Opens a source and refuses options that are not for its kind. */
async function open(source: ImageSource, options: ReadImagesLayoutOptions): Promise<OpenedImages> {
  const { classNames, labelColumn, imageColumn, labels, labelColumns } = options;
  if (classNames !== undefined)
    expectList('classNames', classNames, (name, value) => expectString(name, value));
  if (labelColumn !== undefined) expectString('labelColumn', labelColumn);
  if (imageColumn !== undefined) expectString('imageColumn', imageColumn);
  const opened = await openImages(openSource(source), { classNames, labelColumn, imageColumn });
  const [kind, refused] =
    'folder' in opened
      ? ['a file of arrays or of columns', { classNames, labelColumn, imageColumn }]
      : ['a folder of image files', { labels, labelColumns }];
  const [option] = Object.entries(refused).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return opened;
  const { location } = 'folder' in opened ? (opened.folder as BlobReader) : opened.records;
  throw new InputError(`Expected the option ${option} for ${kind}, got it for ${location}`);
}

async function loadRecords(records: ImageRecords, options: LoadFolderOptions): Promise<LabeledImageSet> {
  expectFolderOptions(options);
  const { layout, location, shape, all } = records;
  const { split = 'all', limit = Infinity, background } = options;
  const { channels = shape?.channels ?? 3 } = options;
  options.onLayout?.(layout);
  const files = selectFiles(layout, { split, limit, location, all });
  const { height, width } = sizeOf(options) ?? (await sizeOfRecords(records));
  const pixels = await collectPixels(records.images(files, background), {
    ...options,
    count: files.length,
    height,
    width,
    channels,
  });
  const name = setNameOf(location);
  return {
    kind: 'image-set',
    name: split === 'all' ? name : `${name} ${split}`,
    pixels,
    labels: Int32Array.from(files, ({ label }) => label),
    count: files.length,
    height,
    width,
    channels,
    classNames: layout.classNames,
  };
}
