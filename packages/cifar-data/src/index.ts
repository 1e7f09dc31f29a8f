export { CIFAR_DATASETS } from './cifar-datasets.js';
export { CIFAR10_CLASSES, loadCifar10, type LoadCifar10Options } from './load-cifar10.js';
export { loadCifar100, type LoadCifar100Options } from './load-cifar100.js';
export { CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES } from './cifar100-classes.js';

// Types of other packages in these signatures
export type { LabeledImageSet } from '@convlens/core';
export type { FileSource, LoadSplitOptions } from '@convlens/image-set/files';
