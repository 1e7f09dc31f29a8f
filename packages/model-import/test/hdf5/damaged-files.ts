import type { DamagedFile } from '../../../../test/support/damaged-files.js';
import { openHdf5 } from '../../src/hdf5/open-hdf5.js';
import { chunkedFile } from './chunked-file.js';

/** A file of each kind, by name. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'an HDF5 file with compressed chunks': {
    file: () => chunkedFile({ chunks: [3, 4, 2], compression: 'gzip', compression_opts: 6 }),
    parse: (bytes) => openHdf5(bytes, 'chunks.h5').child('x')?.readValues(),
    count: 5000,
    refused: 0.2,
  },
};
