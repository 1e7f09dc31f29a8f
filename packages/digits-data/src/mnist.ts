import { expectInteger, expectOneOf, type ImageSet } from '@convlens/core';
import {
  openMembers,
  type FileSource,
  type LoadRequest,
  type Packaging,
  type PublishedFile,
} from '@convlens/image-set/files';
import { DIGITS } from './digits.js';
import { readIdxHead } from './idx.js';

export interface LoadMnistOptions extends LoadRequest {
  /** The 60,000 training images (default) or the 10,000 test images. */
  readonly split?: 'train' | 'test';
  /** At most so many images, the first ones, >= 1; default all. */
  readonly limit?: number;
  /** Called when the images are there: how many, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

const SIZE = 28;
const COUNTS = { train: 60_000, test: 10_000 } as const;
const FOLDERS = ['mnist/', '', 'MNIST/raw/', 'raw/'];

const published = (name: string, bytes: number, md5: string): PublishedFile => ({
  name: `mnist/${name}`,
  bytes,
  md5,
  urls: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'https://azureopendatastorage.blob.core.windows.net/mnist/',
  ].map((folder) => folder + name),
});

/** The files of each split, images before labels. */
const FILES = {
  train: [
    published('train-images-idx3-ubyte.gz', 9_912_422, 'f68b3c2dcbeaaa9fbdd348bbdeb94873'),
    published('train-labels-idx1-ubyte.gz', 28_881, 'd53e105ee54ea40749a09fcbcd1e9432'),
  ],
  test: [
    published('t10k-images-idx3-ubyte.gz', 1_648_877, '9fb629c4189551a2d022fa330f9573f3'),
    published('t10k-labels-idx1-ubyte.gz', 4_542, 'ec29112dd5afa0611ce80d1b7f02629c'),
  ],
} as const;

/** As published, unpacked, and unpacked by tools that put a dot into the name. */
function packagingsOf(split: 'train' | 'test'): Packaging[] {
  const packed = FILES[split].map((file) => ({ name: file.name.replace('mnist/', ''), published: file }));
  const plain = packed.map(({ name }) => ({ name: name.replace('.gz', '') }));
  const dotted = plain.map(({ name }) => ({ name: name.replace('-idx', '.idx') }));
  return [packed, plain, dotted].map((files) => ({ folders: FOLDERS, files }));
}

/**
 * Reads MNIST (LeCun, Cortes and Burges) from its official files, packed or not: count x 28 x 28 x 1 bytes in a
 * Uint8Array, ink bright. What a source can fetch it fetches. With `official: false` it reads other sets in the same
 * files, such as Fashion-MNIST, whose classes are then called "0" to "9".
 *
 * @throws InputError if a file is missing, of another length or checksum, or holds a label that is none: it says which,
 *   where, what was found, and what to do.
 */
export async function loadMnist(source: FileSource, options: LoadMnistOptions = {}): Promise<ImageSet> {
  const { split = 'train', limit = Infinity, official = true, onProgress, ...request } = options;
  expectOneOf('split', split, ['train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  let pixels = new Uint8Array(0);
  let labels = new Int32Array(0);
  const packagings = packagingsOf(split);
  let images = 0;
  for await (const { index, reader } of openMembers(source, {
    set: 'MNIST',
    packagings,
    official,
    ...request,
  })) {
    const [count, height, width] = await readIdxHead(reader, index === 0 ? 3 : 1);
    const expected = index === 0 ? COUNTS[split] : images;
    if (official || index === 1 ? count !== expected : count > expected || count < 1)
      throw reader.wrong(`${official || index === 1 ? '' : '1 to '}${expected} items`, String(count), 4);
    const taken = Math.min(count, limit);
    if (index === 0) {
      images = count;
      if (height !== SIZE || width !== SIZE)
        throw reader.wrong(`images of ${SIZE} x ${SIZE}`, `${height} x ${width}`, 8);
      pixels = new Uint8Array(taken * SIZE * SIZE);
      await reader.readInto(pixels, 'pixels');
      if (taken === count) await reader.expectEnd();
    } else {
      const start = reader.position;
      labels = Int32Array.from(await reader.read(taken, 'labels'));
      const wrong = labels.findIndex((label) => label >= DIGITS.length);
      if (wrong >= 0)
        throw reader.wrong(`a label from 0 to 9 of image ${wrong}`, String(labels[wrong]), start + wrong);
      if (taken === count) await reader.expectEnd();
    }
  }
  onProgress?.(labels.length, labels.length);
  return {
    kind: 'image-set',
    name: `MNIST ${split}`,
    pixels,
    labels,
    count: labels.length,
    height: SIZE,
    width: SIZE,
    channels: 1,
    classNames: DIGITS,
  };
}
