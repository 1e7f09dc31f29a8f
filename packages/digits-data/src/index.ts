export { DIGITS_DATASETS } from './digits-datasets.js';
export { DIGIT_CLASSES } from './digit-classes.js';
export { FASHION_CLASSES } from './fashion-classes.js';
export { loadFashionMnist, type LoadFashionMnistOptions } from './load-fashion-mnist.js';
export { loadGeneratedSvhn, type LoadGeneratedSvhnOptions } from './load-generated-svhn.js';
export { loadMnist, type LoadMnistOptions } from './load-mnist.js';
export { loadSvhn, type LoadSvhnOptions } from './load-svhn.js';

// Types of other packages in these signatures
export type { LabeledImageSet } from '@convlens/core';
export type { FileSource, LoadSplitOptions } from '@convlens/image-set/files';
