import type { Distribution, PublishedFile } from '@convlens/image-set/files';

const HOME = 'https://www.cs.toronto.edu/~kriz/';
/** The new address of the page, in case the old one no longer redirects to it. */
const NEW_HOME = 'https://cave.cs.toronto.edu/kriz/';

interface CifarFormat {
  readonly folders: readonly string[];
  readonly archive: PublishedFile;
  /** The size of each file. */
  readonly bytes?: number;
  readonly train: readonly CifarFile[];
  readonly test: readonly CifarFile[];
}

type CifarFile = readonly [name: string, md5: string];

/** The two formats of a data set: its binary files, and the Python batches that torchvision and Keras store. */
export interface CifarFormats {
  readonly binary: CifarFormat;
  readonly python: CifarFormat;
}

export const CIFAR10_FORMATS: CifarFormats = {
  binary: {
    folders: ['', 'cifar-10-batches-bin/'],
    archive: {
      name: 'cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      urls: [
        `${HOME}cifar-10-binary.tar.gz`,
        `${NEW_HOME}cifar-10-binary.tar.gz`,
        'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz',
      ],
    },
    bytes: 30_730_000,
    train: [
      ['data_batch_1.bin', '5dd7e06a14cb22eb9f671a540d1b7c25'],
      ['data_batch_2.bin', '5ea93a67294ea407fff1d09f752e9692'],
      ['data_batch_3.bin', '942cd6a4bcdd0dd3c604fbe906cb4421'],
      ['data_batch_4.bin', 'ae636b3ba5c66a11e91e8cb52e771fcb'],
      ['data_batch_5.bin', '53f37980c15c3d472c316c40844f3f0d'],
    ],
    test: [['test_batch.bin', '803d5f7f4d78ea53de84dbe85f74fb6d']],
  },
  python: {
    folders: ['', 'cifar-10-batches-py/', 'cifar-10-batches-py-target/cifar-10-batches-py/'],
    archive: {
      name: 'cifar-10-python.tar.gz',
      bytes: 170_498_071,
      md5: 'c58f30108f718f92721af3b95e74349a',
      sha256: '6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce',
      urls: [
        `${HOME}cifar-10-python.tar.gz`,
        `${NEW_HOME}cifar-10-python.tar.gz`,
        'https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz',
      ],
    },
    train: [
      ['data_batch_1', 'c99cafc152244af753f735de768cd75f'],
      ['data_batch_2', 'd4bba439e000b95fd0a9bffe97cbabec'],
      ['data_batch_3', '54ebc095f3ab1f0389bbae665268c751'],
      ['data_batch_4', '634d18415352ddfa80567beed471001a'],
      ['data_batch_5', '482c414d41f54cd18b22e5b47cb7c3cb'],
    ],
    test: [['test_batch', '40351d587109b95175f43aff81a1287e']],
  },
};

export const CIFAR100_FORMATS: CifarFormats = {
  binary: {
    folders: ['', 'cifar-100-binary/'],
    archive: {
      name: 'cifar-100-binary.tar.gz',
      bytes: 168_513_733,
      md5: '03b5dce01913d631647c71ecec9e9cb8',
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      urls: [
        `${HOME}cifar-100-binary.tar.gz`,
        `${NEW_HOME}cifar-100-binary.tar.gz`,
        'https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-100-binary.tar.gz',
      ],
    },
    train: [['train.bin', '6172c7755cfe09b2fe270c85cebc1b15']],
    test: [['test.bin', '4499cfba6c016c1be1438163640a0898']],
  },
  python: {
    folders: ['', 'cifar-100-python/', 'cifar-100-python-target/cifar-100-python/'],
    archive: {
      name: 'cifar-100-python.tar.gz',
      bytes: 169_001_437,
      md5: 'eb9058c3a382ffc7106e4002c42a8d85',
      sha256: '85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7',
      urls: [
        `${HOME}cifar-100-python.tar.gz`,
        `${NEW_HOME}cifar-100-python.tar.gz`,
        'https://dataset.bj.bcebos.com/cifar/cifar-100-python.tar.gz',
      ],
    },
    train: [['train', '16019d7e3df5f24257cddd939b257f8d']],
    test: [['test', 'f0ef6b0ae62326f3e7ffdfab6717acfc']],
  },
};

interface DistributionOptions {
  readonly split: 'train' | 'test';
  /** The number of files that are needed: the first ones of the split. */
  readonly fileCount: number;
  readonly chunkBytes: number;
}

/** The distribution of a split in one format. */
export const distributionOf = (
  { folders, archive, bytes, ...format }: CifarFormat,
  { split, fileCount, chunkBytes }: DistributionOptions,
): Distribution => ({
  folders,
  archive,
  chunkBytes,
  files: format[split].slice(0, fileCount).map(([name, md5]) => ({ name, bytes, md5 })),
});
