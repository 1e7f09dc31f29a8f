import { expectInteger, expectOneOf, InputError, type BlobReader, type ImageSet } from '@convlens/core';
import { readExactly } from '@convlens/image-set/files';
import { locateFiles } from './locate.js';
import { decodeRecords, RECORD_BYTES } from './records.js';

export interface LoadCifar10Options {
  /** The 50,000 training images (default) or the 10,000 test images. */
  readonly split?: 'train' | 'test';
  /** At most so many images, the first ones, >= 1; default all. Files that are not needed are not read. */
  readonly limit?: number;
  /** Stops before the next file and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each file with the images loaded so far and those to load. */
  readonly onProgress?: (done: number, total: number) => void;
}

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

const RECORDS = 10_000;
const FILES = {
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ['test_batch.bin'],
} as const;

/**
 * Reads CIFAR-10 (Krizhevsky, 2009) from its official binary files, which lie in `reader`'s folder or in
 * `cifar-10-batches-bin` inside it. Pixels are count x 32 x 32 x 3 in a Uint8Array, in the order of the files.
 *
 * @throws InputError if a file is missing, of another length, or holds a label that is none: it says which, where, and
 *   what was found.
 */
export async function loadCifar10(
  reader: BlobReader,
  { split = 'train', limit = Infinity, signal, onProgress }: LoadCifar10Options = {},
): Promise<ImageSet> {
  expectOneOf('split', split, ['train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const total = Math.min(limit, FILES[split].length * RECORDS);
  const needed = FILES[split].slice(0, Math.ceil(total / RECORDS));
  signal?.throwIfAborted();
  const names = await locateFiles(reader, needed);

  const labels = new Int32Array(total);
  const pixels = new Uint8Array(total * (RECORD_BYTES - 1));
  let done = 0;
  for (const name of names) {
    signal?.throwIfAborted();
    const { bytes } = await readExactly(reader, name, { bytes: RECORDS * RECORD_BYTES });
    const count = Math.min(RECORDS, total - done);
    const wrong = decodeRecords(bytes, {
      classes: CIFAR10_CLASSES.length,
      labels: labels.subarray(done, done + count),
      pixels: pixels.subarray(done * (RECORD_BYTES - 1)),
    });
    if (wrong)
      throw new InputError(
        `${reader.location}/${name}: expected a label from 0 to 9 in record ${wrong.record} (byte ${wrong.byte}), got ${wrong.label}`,
      );
    done += count;
    onProgress?.(done, total);
  }
  return {
    kind: 'image-set',
    name: `CIFAR-10 ${split}`,
    pixels,
    labels,
    count: total,
    height: 32,
    width: 32,
    channels: 3,
    classNames: CIFAR10_CLASSES,
  };
}
