import { expectOptions, type LabeledImageSet } from '@convlens/core';
import type { ByteReader } from '@convlens/formats';
import {
  expectImageCount,
  expectLoadSplitOptions,
  LOAD_SPLIT_OPTIONS,
  openDatasetFiles,
  type Distribution,
  type FileSource,
  type LoadSplitOptions,
  type PublishedFile,
} from '@convlens/image-set/files';
import { DIGIT_CLASSES } from './digit-classes.js';
import { readIdxHeader } from './idx.js';

export type LoadMnistOptions = LoadSplitOptions;

const SIZE = 28;
const COUNTS = { train: 60_000, test: 10_000 } as const;
const FOLDERS = ['mnist/', '', 'MNIST/raw/', 'raw/'];

const publishedFile = (
  name: string,
  { bytes, md5, sha256 }: { bytes: number; md5: string; sha256: string },
): PublishedFile => ({
  name: `mnist/${name}`,
  bytes,
  md5,
  sha256,
  urls: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'https://azureopendatastorage.blob.core.windows.net/mnist/',
  ].map((folder) => folder + name),
});

/** The indices of the files of a split. */
const IMAGES_FILE = 0;

/** The files of each split: the images, then the labels. */
const FILES = {
  train: [
    publishedFile('train-images-idx3-ubyte.gz', {
      bytes: 9_912_422,
      md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    }),
    publishedFile('train-labels-idx1-ubyte.gz', {
      bytes: 28_881,
      md5: 'd53e105ee54ea40749a09fcbcd1e9432',
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    }),
  ],
  test: [
    publishedFile('t10k-images-idx3-ubyte.gz', {
      bytes: 1_648_877,
      md5: '9fb629c4189551a2d022fa330f9573f3',
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    }),
    publishedFile('t10k-labels-idx1-ubyte.gz', {
      bytes: 4_542,
      md5: 'ec29112dd5afa0611ce80d1b7f02629c',
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    }),
  ],
} as const;

/** The files as published, unpacked, and unpacked by tools that put a dot into the names. */
function distributionsOf(split: 'train' | 'test'): Distribution[] {
  const packed = FILES[split].map((file) => ({ name: file.name.replace('mnist/', ''), published: file }));
  const plain = packed.map(({ name }) => ({ name: name.replace('.gz', '') }));
  const dotted = plain.map(({ name }) => ({ name: name.replace('-idx', '.idx') }));
  return [packed, plain, dotted].map((files) => ({ folders: FOLDERS, files }));
}

/**
 * Loads MNIST (LeCun, Cortes and Burges): 60,000 training or 10,000 test images, count x 28 x 28 x 1 bytes, bright digits on a
 * dark background. It reads the official files, packed or unpacked. If the source has none of them and can fetch files, they
 * are downloaded. With `official: false` it reads other data sets in the same format, such as Fashion-MNIST, whose class names
 * are then "0" to "9".
 *
 * @throws InputError with the file, the position and what to do: if a file is missing (code 'missing' or 'unreachable'), has
 * another length or checksum, or holds a label out of range.
 */
export async function loadMnist(
  source: FileSource,
  options: LoadMnistOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadMnist', options, LOAD_SPLIT_OPTIONS);
  expectLoadSplitOptions(options);
  const { split = 'train', limit = Infinity, official = true, onProgress, ...loadOptions } = options;
  const files = openDatasetFiles(source, {
    dataset: 'MNIST',
    distributions: distributionsOf(split),
    official,
    ...loadOptions,
  });
  let images = { declared: 0, pixels: new Uint8Array(0) };
  let labels = new Int32Array(0);
  for await (const { index, reader } of files) {
    if (index === IMAGES_FILE)
      images = await readImages(reader, { expected: COUNTS[split], official, limit });
    else labels = await readLabels(reader, { expected: images.declared, limit });
  }
  onProgress?.(labels.length, labels.length);
  return {
    kind: 'image-set',
    name: `MNIST ${split}`,
    pixels: images.pixels,
    labels,
    count: labels.length,
    height: SIZE,
    width: SIZE,
    channels: 1,
    classNames: DIGIT_CLASSES,
  };
}

/** The first images of a file, at most `limit`, with the number of images that the file declares. */
async function readImages(
  reader: ByteReader,
  { expected, official, limit }: { expected: number; official: boolean; limit: number },
): Promise<{ declared: number; pixels: Uint8Array<ArrayBuffer> }> {
  const [declared, height, width] = await readIdxHeader(reader, 3);
  expectImageCount(reader, { declared, expected, official });
  if (height !== SIZE || width !== SIZE)
    throw reader.error(`images of ${SIZE} x ${SIZE}`, `${height} x ${width}`, 8);
  const pixels = new Uint8Array(Math.min(declared, limit) * SIZE * SIZE);
  await reader.readInto(pixels, 'pixels');
  if (declared <= limit) await reader.expectEnd();
  return { declared, pixels };
}

/** The first labels of a file with `expected` labels, at most `limit`. */
async function readLabels(
  reader: ByteReader,
  { expected, limit }: { expected: number; limit: number },
): Promise<Int32Array<ArrayBuffer>> {
  const [declared] = await readIdxHeader(reader, 1);
  if (declared !== expected) throw reader.error(`${expected} labels`, String(declared), 4);
  const start = reader.position;
  const labels = Int32Array.from(await reader.read(Math.min(declared, limit), 'labels'));
  const wrong = labels.findIndex((label) => label >= DIGIT_CLASSES.length);
  if (wrong >= 0)
    throw reader.error(`a label from 0 to 9 of image ${wrong}`, String(labels[wrong]), start + wrong);
  if (declared <= limit) await reader.expectEnd();
  return labels;
}
