import type { DamagedFile } from '../../../test/support/damaged-files.js';
import { loadCifar10 } from '../src/index.js';
import { archiveOf } from './archive-of.js';
import { fixture } from './small-files.js';

/** The bytes of a file of this name, as the loader reads them. */
const parseAs = (name: string) => (bytes: Uint8Array) =>
  loadCifar10(
    { location: 'data', list: async () => [name], read: async () => bytes },
    { split: 'test', official: false },
  );

const batch = (name: string): DamagedFile => ({ file: fixture(name), parse: parseAs('test_batch') });

/** A file of each format of CIFAR-10, by name. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'a binary batch': { file: fixture('cifar10-test_batch.bin'), parse: parseAs('test_batch.bin') },
  'a batch of Python 2': batch('python2-batch'),
  'a batch of Python 3, protocol 2': batch('python3-protocol2-batch'),
  'a batch of Python 3, protocol 4': batch('python3-protocol4-batch'),
  'an archive': {
    file: () =>
      archiveOf({
        'cifar-10-batches-bin/test_batch.bin': fixture('cifar10-test_batch.bin').slice(0, 3073),
      }),
    parse: parseAs('cifar-10-binary.tar.gz'),
  },
};
