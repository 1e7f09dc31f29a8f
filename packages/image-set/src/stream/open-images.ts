import {
  expectInteger,
  expectMethods,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { expectReader, type BlobReader } from '@convlens/storage';
import { expectColor } from '../codecs/decode-image.js';
import { RESIZE_FITS } from '../codecs/resize.js';
import type { LoadFolderOptions } from '../datasets/load-folder.js';
import { readFolderLayout } from '../layout/folder-layout.js';
import { selectFiles } from '../layout/select-files.js';
import { FOLDER_SPLITS } from '../layout/split-name.js';
import { THIS_THREAD, type ImageDecoders } from './image-decoders.js';
import { imageStream, type ImageStream, type StreamReader } from './image-stream.js';

export interface OpenImagesOptions extends Omit<LoadFolderOptions, 'onFile' | 'onProgress'> {
  /** What decodes the files; default the thread that calls. `decodeWorkers()` of @convlens/image-set/node are threads. */
  readonly decoders?: ImageDecoders;
  /** The most images that are read ahead, >= 1; default 128. They are in memory beside those of a batch. */
  readonly window?: number;
}

const OPEN_IMAGES_OPTIONS: OptionNames<OpenImagesOptions> = {
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
  decoders: true,
  window: true,
};

const DEFAULT_SIZE = 32;
const DEFAULT_WINDOW = 128;

/**
 * Opens a folder of PNG and JPEG files that need not fit into memory, with the options of `loadFolder`. The names of the files are
 * read, and their pixels when they are needed: a window of them ahead, in the order in which they are used. Batches, splits,
 * statistics and the checksum are those of the same images in memory.
 *
 * @throws InputError as `loadFolder`. A file that is missing or cannot be decoded is an InputError where its batch is read.
 */
export async function openImages(reader: BlobReader, options: OpenImagesOptions = {}): Promise<ImageStream> {
  expectOptions('openImages', options, OPEN_IMAGES_OPTIONS);
  expectReader('reader', reader);
  const { split = 'all', limit = Infinity, channels = 3, background, decoders = THIS_THREAD } = options;
  const { height = DEFAULT_SIZE, width = DEFAULT_SIZE, fit, window = DEFAULT_WINDOW, signal } = options;
  if (background !== undefined) expectColor('background', background);
  expectOneOf('split', split, ['all', ...FOLDER_SPLITS]);
  expectOneOf('channels', String(channels), ['1', '3']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  expectInteger('window', window, { min: 1 });
  expectMethods('decoders', decoders, 'decoders', ['decode']);
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  if (fit !== undefined) expectOneOf('fit', fit, RESIZE_FITS);
  const { labels, labelColumns, onLayout } = options;
  signal?.throwIfAborted();
  const layout = await readFolderLayout(reader, { labels, labelColumns });
  onLayout?.(layout);
  const files = selectFiles(layout, { split, limit, location: reader.location });
  const folder = reader.location.split(/[\\/]/).filter(Boolean).pop() ?? 'images';
  const read: StreamReader['read'] = async (position, isOver) => {
    signal?.throwIfAborted();
    const { name } = files[position];
    const path = `${reader.location}/${name}`;
    const bytes = await reader.read(name);
    if (!bytes) throw new InputError(`${path}: expected an image, found no such file`);
    signal?.throwIfAborted();
    // Nobody waits for it any more.
    if (isOver()) return new Uint8Array();
    const pixels = await decoders.decode({ name: path, bytes, height, width, fit, channels, background });
    signal?.throwIfAborted();
    return pixels;
  };
  return imageStream(
    {
      name: split === 'all' ? folder : `${folder} ${split}`,
      ...{ height, width, channels, classNames: layout.classNames },
      labels: Int32Array.from(files, ({ label }) => label),
    },
    { window, read },
  );
}
