import { expectInteger, expectMethods, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { openImages as openContainer } from '../containers/open-images.js';
import { commonSize, sampleFiles, sizeOf } from '../datasets/common-size.js';
import { expectFolderOptions, OPEN_FOLDER_OPTIONS, type OpenFolderOptions } from '../datasets/load-folder.js';
import { readImages } from '../datasets/read-images.js';
import { setNameOf } from '../datasets/set-name.js';
import { readFolderLayout } from '../layout/folder-layout.js';
import { selectFiles } from '../layout/select-files.js';
import { openSource, type ImageSource } from '../sources/image-source.js';
import { THIS_THREAD, type ImageDecoders } from './image-decoders.js';
import { imageStream, type ImageStream, type StreamReader } from './image-stream.js';

export interface OpenImagesOptions extends OpenFolderOptions {
  /** What decodes the files; default the thread that calls. `decodeWorkers()` of @convlens/image-set/node are threads. */
  readonly decoders?: ImageDecoders;
  /** The most images that are read ahead, >= 1; default 128. They are in memory beside those of a batch. */
  readonly window?: number;
}

const OPEN_IMAGES_OPTIONS: OptionNames<OpenImagesOptions> = {
  ...OPEN_FOLDER_OPTIONS,
  decoders: true,
  window: true,
};

const DEFAULT_WINDOW = 128;

/**
 * Opens a folder of image files, also in a zip or tar archive, that need not fit into memory, with the options of `loadFolder`.
 * The names of the files are read, and their pixels when they are needed: a window of them ahead, in the order in which they are
 * used. Batches, splits, statistics and the checksum are those of the same images in memory. (A .tar.gz archive is unpacked into
 * memory.)
 *
 * @throws InputError as `loadFolder`, and for files of arrays or of columns. A file that is missing or cannot be decoded is an InputError where its batch is read.
 */
export async function openImages(source: ImageSource, options: OpenImagesOptions = {}): Promise<ImageStream> {
  expectOptions('openImages', options, OPEN_IMAGES_OPTIONS);
  expectFolderOptions(options);
  const { split = 'all', limit = Infinity, channels = 3, background, decoders = THIS_THREAD } = options;
  const { fit, window = DEFAULT_WINDOW, signal } = options;
  expectInteger('window', window, { min: 1 });
  expectMethods('decoders', decoders, 'decoders', ['decode']);
  const size = sizeOf(options);
  const { labels, labelColumns, onLayout } = options;
  signal?.throwIfAborted();
  const reader = await expectImageFiles(source);
  const layout = await readFolderLayout(reader, { labels, labelColumns });
  onLayout?.(layout);
  const files = selectFiles(layout, { split, limit, location: reader.location });
  const { height, width } = size ?? (await commonSize(readImages(reader, sampleFiles(layout), background)));
  const folder = setNameOf(reader.location);
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

/** The image files of a source. */
async function expectImageFiles(source: ImageSource): Promise<BlobReader> {
  const opened = await openContainer(openSource(source), {});
  if ('folder' in opened) return opened.folder;
  throw new InputError(
    `Expected a folder or an archive of image files, got ${opened.records.location}, a file of arrays or of columns: load it into ` +
      'memory with loadImages',
  );
}
