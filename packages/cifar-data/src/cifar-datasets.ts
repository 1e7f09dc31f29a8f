import type { Dataset } from '@convlens/image-set/files';
import { CIFAR100_CLASSES } from './cifar100-classes.js';
import { CIFAR10_CLASSES, loadCifar10 } from './load-cifar10.js';
import { loadCifar100 } from './load-cifar100.js';

/** The data sets of this package, for a registry of data sets. */
export const CIFAR_DATASETS: readonly Dataset[] = [
  {
    id: 'cifar10',
    title: 'CIFAR-10: 60,000 color images of 32 x 32 in 10 classes',
    classNames: CIFAR10_CLASSES,
    needsFiles: true,
    load: loadCifar10,
  },
  {
    id: 'cifar100',
    title: 'CIFAR-100: 60,000 color images of 32 x 32 in 100 classes',
    classNames: CIFAR100_CLASSES,
    needsFiles: true,
    load: loadCifar100,
  },
];
