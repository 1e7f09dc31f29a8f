import { expectOptions, type LabeledImageSet } from '@convlens/core';
import {
  LOAD_SPLIT_OPTIONS,
  type FileSource,
  type LoadSplitOptions,
  type PublishedFile,
} from '@convlens/image-set/files';
import { DIGIT_CLASSES } from './digit-classes.js';
import { idxDistributions, loadIdxDataset, type IdxDataset } from './idx-dataset.js';

export type LoadMnistOptions = LoadSplitOptions;

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

const MNIST: IdxDataset = {
  title: 'MNIST',
  classNames: DIGIT_CLASSES,
  distributionsOf: (split) =>
    idxDistributions(
      FILES[split].map((published) => ({ name: published.name.replace('mnist/', ''), published })),
      FOLDERS,
    ),
};

/**
 * Loads MNIST (LeCun, Cortes and Burges): 60,000 training or 10,000 test images, count x 28 x 28 x 1 bytes, bright digits on a
 * dark background. It reads the official files, packed or unpacked. If the source has none of them and can fetch files, they
 * are downloaded. With `official: false` it reads other data sets in the same format, whose class names are then "0" to "9".
 *
 * @throws InputError with the file, the position and what to do: if a file is missing (code 'missing' or 'unreachable'), has
 * another length or checksum, or holds a label out of range.
 */
export async function loadMnist(
  source: FileSource,
  options: LoadMnistOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadMnist', options, LOAD_SPLIT_OPTIONS);
  return loadIdxDataset(MNIST, source, options);
}
