import type { DamagedFile } from '../../../test/support/damaged-files.js';
import { loadMnist, loadSvhn } from '../src/index.js';
import { fixture, readerOf, SMALL } from './small-files.js';

const mnist = (suffix: '' | '.gz'): DamagedFile => {
  const labels = fixture(`labels-idx1-ubyte${suffix}`);
  return {
    file: fixture(`images-idx3-ubyte${suffix}`),
    parse: (bytes) =>
      loadMnist(
        readerOf({
          [`t10k-images-idx3-ubyte${suffix}`]: bytes,
          [`t10k-labels-idx1-ubyte${suffix}`]: labels,
        }),
        SMALL,
      ),
  };
};

const svhn = (kind: string): DamagedFile => ({
  file: fixture(`svhn-${kind}.mat`),
  parse: (bytes) => loadSvhn(readerOf({ 'test_32x32.mat': bytes }), SMALL),
});

/** A file of each format, by name. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'images of MNIST': mnist(''),
  'compressed images of MNIST': mnist('.gz'),
  'images of SVHN': svhn('plain'),
  'compressed images of SVHN': svhn('compressed'),
};
