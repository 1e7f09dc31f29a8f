import type { ImageSet } from '@convlens/core';
import type { FileSource } from '@convlens/image-set/files';
import { CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES } from './cifar100-classes.js';
import { loadCifar, type LoadCifarOptions } from './load.js';
import { cifar100Forms } from './packagings.js';

export type LoadCifar100Options = LoadCifarOptions;

/**
 * Reads CIFAR-100 (Krizhevsky, 2009) as loadCifar10 does. `labels` are the 100 fine classes, `coarseLabels` the 20
 * superclasses, which CIFAR100_COARSE_CLASSES names.
 *
 * @throws InputError as loadCifar10 does.
 */
export async function loadCifar100(source: FileSource, options: LoadCifar100Options = {}): Promise<ImageSet> {
  const { labels, images } = await loadCifar(source, {
    set: 'CIFAR-100',
    forms: cifar100Forms,
    records: { train: 50_000, test: 10_000 },
    kinds: [
      { name: 'coarse label', key: 'coarse_labels', classes: CIFAR100_COARSE_CLASSES.length },
      { name: 'fine label', key: 'fine_labels', classes: CIFAR100_CLASSES.length },
    ],
    ...options,
  });
  return { ...images, labels: labels[1], coarseLabels: labels[0], classNames: CIFAR100_CLASSES };
}
