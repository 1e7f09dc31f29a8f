import type { LabeledImageSet } from '@convlens/core';
import type { FileSource, LoadSplitOptions } from '@convlens/image-set/files';
import { CIFAR10_FORMATS } from './distributions.js';
import { loadCifar, type CifarDataset } from './load-cifar.js';

export type LoadCifar10Options = LoadSplitOptions;

/** The classes of CIFAR-10, in the order of their labels. */
export const CIFAR10_CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

const CIFAR10: CifarDataset = {
  loader: 'loadCifar10',
  title: 'CIFAR-10',
  formats: CIFAR10_FORMATS,
  imagesPerFile: { train: 10_000, test: 10_000 },
  columns: [{ name: 'label', key: 'labels', classCount: CIFAR10_CLASSES.length }],
};

/**
 * Loads CIFAR-10 (Krizhevsky, 2009): 50,000 training or 10,000 test images, count x 32 x 32 x 3 bytes, in the order of the
 * files. It reads the binary files or the Python batches, unpacked in their own folder or directly in the source, or one of
 * the two archives. If the source has none of them and can fetch files, an archive is downloaded.
 *
 * @throws InputError with the file, the position and what to do: if a file is missing (code 'missing' or 'unreachable'), has
 * another length or checksum, or holds a label out of range.
 */
export async function loadCifar10(
  source: FileSource,
  options: LoadCifar10Options = {},
): Promise<LabeledImageSet> {
  const { labels, images } = await loadCifar(source, CIFAR10, options);
  return { ...images, labels: labels[0], classNames: CIFAR10_CLASSES };
}
