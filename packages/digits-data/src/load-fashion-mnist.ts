import { expectOptions, type LabeledImageSet } from '@convlens/core';
import {
  LOAD_SPLIT_OPTIONS,
  type FileSource,
  type LoadSplitOptions,
  type PublishedFile,
} from '@convlens/image-set/files';
import { FASHION_CLASSES } from './fashion-classes.js';
import { idxDistributions, loadIdxDataset, type IdxDataset, type IdxFile } from './idx-dataset.js';

export type LoadFashionMnistOptions = LoadSplitOptions;

const HOSTS = [
  'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
];

/** The files are named as those of MNIST: their folder alone tells them apart. */
const FOLDERS = ['fashion-mnist/', 'FashionMNIST/raw/', 'fashion/', 'data/fashion/'];

const file = (name: string, { bytes, md5 }: { bytes: number; md5: string }): IdxFile => {
  const published: PublishedFile = {
    name: `fashion-mnist/${name}`,
    bytes,
    md5,
    urls: HOSTS.map((host) => host + name),
  };
  return { name, published };
};

const FILES = {
  train: [
    file('train-images-idx3-ubyte.gz', { bytes: 26_421_880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' }),
    file('train-labels-idx1-ubyte.gz', { bytes: 29_515, md5: '25c81989df183df01b3e8a0aad5dffbe' }),
  ],
  test: [
    file('t10k-images-idx3-ubyte.gz', { bytes: 4_422_102, md5: 'bef4ecab320f06d8554ea6380940ec79' }),
    file('t10k-labels-idx1-ubyte.gz', { bytes: 5_148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' }),
  ],
} as const;

const FASHION_MNIST: IdxDataset = {
  title: 'Fashion-MNIST',
  classNames: FASHION_CLASSES,
  distributionsOf: (split, location) =>
    idxDistributions(FILES[split], /fashion/i.test(location) ? [...FOLDERS, ''] : FOLDERS),
};

/**
 * Loads Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): 60,000 training or 10,000 test images of clothes, count x 28 x 28 x 1 bytes,
 * bright on a dark background. It reads the official files, packed or unpacked, which have the names of those of MNIST: in a
 * folder `fashion-mnist/` or `FashionMNIST/raw/`, or in the folder itself if its name says so. If the source has none of them and
 * can fetch files, they are downloaded.
 *
 * @throws InputError as loadMnist does.
 */
export async function loadFashionMnist(
  source: FileSource,
  options: LoadFashionMnistOptions = {},
): Promise<LabeledImageSet> {
  expectOptions('loadFashionMnist', options, LOAD_SPLIT_OPTIONS);
  return loadIdxDataset(FASHION_MNIST, source, options);
}
