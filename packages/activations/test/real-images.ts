import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Images } from '@convlens/core';
import { describeWith } from '../../../test/support/requirements.js';

const root = process.env.CONVLENS_DATA_DIR ?? '';
const file = [root, join(root, 'cifar-10-batches-bin')]
  .map((folder) => join(folder, 'test_batch.bin'))
  .find((path) => root !== '' && existsSync(path));

/** `describe` for tests that need the test images of CIFAR-10. */
export const describeWithImages = describeWith({
  name: 'data',
  isPresent: file !== undefined,
  absence: 'CONVLENS_DATA_DIR is not a folder with test_batch.bin of CIFAR-10',
});

/** The first test images of CIFAR-10, read by the definition of the file format. */
export function realImages(count: number): Images & { labels: Int32Array } {
  const bytes = readFileSync(file!).subarray(0, count * 3073);
  const pixels = Uint8Array.from({ length: count * 3072 }, (_, i) => {
    const [image, offset] = [Math.floor(i / 3072), i % 3072];
    return bytes[image * 3073 + 1 + (offset % 3) * 1024 + Math.floor(offset / 3)];
  });
  return {
    name: 'CIFAR-10 test',
    pixels,
    labels: Int32Array.from({ length: count }, (_, i) => bytes[i * 3073]),
    count,
    height: 32,
    width: 32,
    channels: 3,
    classNames: 'airplane automobile bird cat deer dog frog horse ship truck'.split(' '),
  };
}
