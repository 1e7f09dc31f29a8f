import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { classCounts, pixelStatistics } from '@convlens/image-set';
import { folderFiles } from '@convlens/image-set/node';
import { expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { loadMnist } from '../src/index.js';

const folder = process.env.CONVLENS_DATA_DIR ?? '';
const path = (name: string) => join(folder, 'mnist', name);

const describeWithData = describeWith({
  name: 'data',
  isPresent: folder !== '' && existsSync(path('train-images-idx3-ubyte.gz')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('the real MNIST', () => {
  it.each([
    ['train', 'train', 60_000, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]],
    ['test', 't10k', 10_000, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]],
  ] as const)(
    'has the known %s images, with every pixel of the file',
    async (split, prefix, count, counts) => {
      const verified: unknown[] = [];
      const set = await loadMnist(folderFiles(folder), {
        split,
        onFile: (file) => verified.push(file.verified),
      });
      expect([set.count, set.height, set.width, set.channels]).toEqual([count, 28, 28, 1]);
      expect(classCounts(set)).toEqual(counts);
      const bytes = gunzipSync(readFileSync(path(`${prefix}-images-idx3-ubyte.gz`)));
      expect(bytes.subarray(16).equals(set.pixels as Uint8Array)).toBe(true);
      expect(verified).toEqual([true, true]);
      if (split === 'test') return;
      expect([...set.labels!.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
      const { mean, std } = pixelStatistics(set);
      expect([mean[0].toFixed(4), std[0].toFixed(4)]).toEqual(['0.1307', '0.3081']);
    },
  );
});
