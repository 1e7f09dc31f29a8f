import type { LabeledImageSet } from '@convlens/core';
import type { FileSource, LoadSplitOptions } from '@convlens/image-set/files';
import { CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES } from './cifar100-classes.js';
import { CIFAR100_FORMATS } from './distributions.js';
import { loadCifar, type CifarDataset } from './load-cifar.js';

export type LoadCifar100Options = LoadSplitOptions;

const CIFAR100: CifarDataset = {
  loader: 'loadCifar100',
  title: 'CIFAR-100',
  formats: CIFAR100_FORMATS,
  imagesPerFile: { train: 50_000, test: 10_000 },
  columns: [
    { name: 'coarse label', key: 'coarse_labels', classCount: CIFAR100_COARSE_CLASSES.length },
    { name: 'fine label', key: 'fine_labels', classCount: CIFAR100_CLASSES.length },
  ],
};

/**
 * Loads CIFAR-100 (Krizhevsky, 2009) as loadCifar10 does. `labels` are the 100 fine classes; `coarseLabels` are the 20
 * superclasses (CIFAR100_COARSE_CLASSES).
 *
 * @throws InputError as loadCifar10 does.
 */
export async function loadCifar100(
  source: FileSource,
  options: LoadCifar100Options = {},
): Promise<LabeledImageSet> {
  const { labels, images } = await loadCifar(source, CIFAR100, options);
  return { ...images, labels: labels[1], coarseLabels: labels[0], classNames: CIFAR100_CLASSES };
}
