import type { Dataset } from '@convlens/image-set/files';
import { DIGIT_CLASSES } from './digit-classes.js';
import { FASHION_CLASSES } from './fashion-classes.js';
import { loadFashionMnist } from './load-fashion-mnist.js';
import { loadGeneratedSvhn } from './load-generated-svhn.js';
import { loadMnist } from './load-mnist.js';
import { loadSvhn } from './load-svhn.js';

/** The data sets of this package, for a registry of data sets. */
export const DIGITS_DATASETS: readonly Dataset[] = [
  {
    id: 'mnist',
    title: 'MNIST: 70,000 handwritten digits of 28 x 28, gray',
    classNames: DIGIT_CLASSES,
    needsFiles: true,
    load: loadMnist,
  },
  {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST: 70,000 pieces of clothing of 28 x 28, gray',
    classNames: FASHION_CLASSES,
    needsFiles: true,
    load: loadFashionMnist,
  },
  {
    id: 'svhn',
    title: 'SVHN: 99,289 house-number digits of 32 x 32, in color',
    classNames: DIGIT_CLASSES,
    needsFiles: true,
    load: loadSvhn,
  },
  {
    id: 'svhn-generated',
    title: 'a stand-in for SVHN: colored house numbers generated from MNIST',
    classNames: DIGIT_CLASSES,
    needsFiles: true,
    standsInFor: 'svhn',
    caveat: 'The house numbers are generated from the digits of MNIST: they are not SVHN, and are easier.',
    load: loadGeneratedSvhn,
  },
];
