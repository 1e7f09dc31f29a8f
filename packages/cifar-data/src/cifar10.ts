import type { ImageSet } from '@convlens/core';
import type { FileSource } from '@convlens/image-set/files';
import { loadCifar, type LoadCifarOptions } from './load.js';
import { cifar10Forms } from './packagings.js';

export type LoadCifar10Options = LoadCifarOptions;

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

/**
 * Reads CIFAR-10 (Krizhevsky, 2009) from whichever of its official packagings `source` has: the binary files or the
 * Python batches, in their own folder or directly, or one of the two archives. What a source can fetch it fetches. Pixels
 * are count x 32 x 32 x 3 in a Uint8Array, in the order of the files.
 *
 * @throws InputError if a file is missing, of another length or checksum, or holds a label that is none: it says which,
 *   where, what was found, and what to do.
 */
export async function loadCifar10(source: FileSource, options: LoadCifar10Options = {}): Promise<ImageSet> {
  const { labels, images } = await loadCifar(source, {
    set: 'CIFAR-10',
    forms: cifar10Forms,
    records: { train: 10_000, test: 10_000 },
    kinds: [{ name: 'label', key: 'labels', classes: CIFAR10_CLASSES.length }],
    ...options,
  });
  return { ...images, labels: labels[0], classNames: CIFAR10_CLASSES };
}
