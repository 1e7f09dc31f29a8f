import { expectOptions, type LabeledImageSet } from '@convlens/core';
import {
  expectImageCount,
  expectLoadSplitOptions,
  LOAD_SPLIT_OPTIONS,
  openDatasetFiles,
  type FileSource,
  type LoadSplitOptions,
} from '@convlens/image-set/files';
import { DIGIT_CLASSES } from './digit-classes.js';
import { matArrays, type MatArray } from './mat-file.js';

export type LoadSvhnOptions = LoadSplitOptions;

const SIZE = 32;
const PLANE_BYTES = SIZE * SIZE;
const IMAGE_BYTES = 3 * PLANE_BYTES;
const COUNTS = { train: 73_257, test: 26_032 } as const;
const FOLDERS = ['', 'svhn/', 'SVHN/'];
const HOME = 'https://ufldl.stanford.edu/housenumbers/';

const FILES = {
  train: {
    name: 'train_32x32.mat',
    bytes: 182_040_794,
    md5: 'e26dedcc434d2e4c54c9b2d4a06d8373',
    sha256: '435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8',
  },
  test: {
    name: 'test_32x32.mat',
    bytes: 64_275_384,
    md5: 'eb5a983be6a315427106f1b164d9cef3',
    sha256: 'cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b',
  },
} as const;

/** The number of images that are read and decoded at a time: about a mebibyte. */
const IMAGES_PER_READ = 340;

/**
 * Loads the cropped digits of SVHN (Netzer et al., 2011): 73,257 training or 26,032 test images, count x 32 x 32 x 3 bytes. It
 * reads the official MATLAB files, whose label 10 is the digit 0; here its label is 0. If the source does not have the file
 * and can fetch files, it is downloaded.
 *
 * @throws InputError with the file, the position and what to do: if the file is missing (code 'missing' or 'unreachable'), has
 * another length or contents, or holds a label out of range.
 */
export async function loadSvhn(source: FileSource, options: LoadSvhnOptions = {}): Promise<LabeledImageSet> {
  expectOptions('loadSvhn', options, LOAD_SPLIT_OPTIONS);
  expectLoadSplitOptions(options);
  const { split = 'train', limit = Infinity, official = true, onProgress, ...loadOptions } = options;
  const file = FILES[split];
  const published = { ...file, urls: [HOME + file.name] };
  const files = openDatasetFiles(source, {
    dataset: 'SVHN',
    distributions: [{ folders: FOLDERS, files: [{ name: file.name, published }] }],
    official,
    ...loadOptions,
  });
  const readOptions: ReadOptions = { expected: COUNTS[split], official, limit, onProgress };
  let pixels: Uint8Array | undefined;
  let labels: Int32Array | undefined;
  for await (const { reader } of files) {
    for await (const array of matArrays(reader, { maxBytes: (COUNTS[split] + 1) * IMAGE_BYTES })) {
      if (array.name === 'X') pixels = await readImages(array, readOptions);
      else if (array.name === 'y') labels = await readLabels(array, readOptions);
      else throw array.reader.error('the arrays X and y', JSON.stringify(array.name.slice(0, 80)));
    }
    if (!pixels || !labels)
      throw reader.error('the arrays X and y', `no ${pixels ? 'y' : 'X'} up to the end`);
    if (labels.length * IMAGE_BYTES !== pixels.length)
      throw reader.error(`a label for each of ${pixels.length / IMAGE_BYTES} images`, `${labels.length}`);
  }
  return {
    kind: 'image-set',
    name: `SVHN ${split}`,
    pixels: pixels!,
    labels: labels!,
    count: labels!.length,
    height: SIZE,
    width: SIZE,
    channels: 3,
    classNames: DIGIT_CLASSES,
  };
}

interface ReadOptions {
  /** The number of images of the official file. */
  readonly expected: number;
  readonly official: boolean;
  readonly limit: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Reads X: 32 rows x 32 columns x 3 colors x images, rows fastest. */
async function readImages(
  { reader, dimensions, dataType }: MatArray,
  { expected, official, limit, onProgress }: ReadOptions,
): Promise<Uint8Array> {
  // MATLAB drops a last dimension of 1.
  const [height, width, channels, declared = 1] = dimensions;
  if (height !== SIZE || width !== SIZE || channels !== 3 || dimensions.length > 4)
    throw reader.error('X to be 32 x 32 x 3 x images', dimensions.join(' x '));
  if (!dataType.isUnsignedByte)
    throw reader.error('X to be bytes from 0 to 255', `other numbers, of ${dataType.bytes} bytes`);
  expectImageCount(reader, { declared, expected, official });
  const count = Math.min(declared, limit);
  const pixels = new Uint8Array(count * IMAGE_BYTES);
  // All images are read, also those beyond the limit: the labels follow them.
  for (let done = 0; done < declared; done += IMAGES_PER_READ) {
    const images = Math.min(IMAGES_PER_READ, declared - done);
    const bytes = await reader.read(images * IMAGE_BYTES, 'X');
    for (let i = 0; i < images && done + i < count; i++)
      toRowMajor(bytes.subarray(i * IMAGE_BYTES), pixels.subarray((done + i) * IMAGE_BYTES));
    if (done < count) onProgress?.(Math.min(done + images, count), count);
  }
  return pixels;
}

/** Converts an image from the order of MATLAB (rows fastest, then columns, then colors) to colors fastest, then columns. */
function toRowMajor(source: Uint8Array, target: Uint8Array): void {
  let to = 0;
  for (let row = 0; row < SIZE; row++)
    for (let from = row; from < PLANE_BYTES; from += SIZE, to += 3) {
      target[to] = source[from];
      target[to + 1] = source[from + PLANE_BYTES];
      target[to + 2] = source[from + 2 * PLANE_BYTES];
    }
}

/** Reads y: a label from 1 to 10 per image. */
async function readLabels(
  { reader, dimensions, dataType }: MatArray,
  { expected, official, limit }: ReadOptions,
): Promise<Int32Array> {
  const declared = dimensions.reduce((product, size) => product * size, 1);
  expectImageCount(reader, { declared, expected, official });
  const bytes = await reader.read(declared * dataType.bytes, 'y');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const labels = new Int32Array(Math.min(declared, limit));
  for (let i = 0; i < labels.length; i++) {
    const label = dataType.get(view, i * dataType.bytes);
    if (!(Number.isInteger(label) && label >= 1 && label <= 10))
      throw reader.error(`a label from 1 to 10 of image ${i}`, String(label));
    labels[i] = label % 10;
  }
  return labels;
}
