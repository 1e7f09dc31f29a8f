import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts, pixelStatistics } from '@convlens/image-set';
import type { LoadedFile } from '@convlens/image-set/files';
import { folderFiles } from '@convlens/image-set/node';
import { expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { CIFAR10_CLASSES, loadCifar10 } from '../src/index.js';

const root = process.env.CONVLENS_DATA_DIR ?? '';
const folder = existsSync(join(root, 'data_batch_1.bin')) ? root : join(root, 'cifar-10-batches-bin');

const describeWithData = describeWith({
  name: 'data',
  isPresent: root !== '' && existsSync(join(folder, 'data_batch_1.bin')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real files',
});

/** Image `index` of a file, decoded by the definition of the format. */
const imageOf = (file: string, index: number) => {
  const record = readFileSync(join(folder, file)).subarray(index * 3073, (index + 1) * 3073);
  const pixels = Array.from({ length: 3072 }, (_, i) => record[1 + (i % 3) * 1024 + Math.floor(i / 3)]);
  return { label: record[0], pixels };
};

describeWithData('the real CIFAR-10', () => {
  it('has the known training images, whose checksums are the official ones', async () => {
    const files: LoadedFile[] = [];
    const train = await loadCifar10(folderFiles(root), { verify: true, onFile: (file) => files.push(file) });
    expect(train.count).toBe(50_000);
    expect([...train.labels!.subarray(0, 5)].map((label) => CIFAR10_CLASSES[label])).toEqual([
      'frog',
      'truck',
      'truck',
      'deer',
      'automobile',
    ]);
    expect(classCounts(train)).toEqual(new Array(10).fill(5000));
    const { mean, std } = pixelStatistics(train);
    expect(mean.map((value) => value.toFixed(4))).toEqual(['0.4914', '0.4822', '0.4465']);
    expect(std.map((value) => value.toFixed(4))).toEqual(['0.2470', '0.2435', '0.2616']);
    expect(files.map(({ verified }) => verified)).toEqual(new Array(5).fill(true));
    for (const [position, file, index] of [
      [0, 'data_batch_1.bin', 0],
      [49_999, 'data_batch_5.bin', 9999],
    ] as const) {
      const { label, pixels } = imageOf(file, index);
      expect([
        train.labels![position],
        ...train.pixels.subarray(position * 3072, (position + 1) * 3072),
      ]).toEqual([label, ...pixels]);
    }
  });

  it('has the known test labels', async () => {
    const test = await loadCifar10(folderFiles(root), { split: 'test' });
    expect([...test.labels!.subarray(0, 5)]).toEqual([3, 8, 8, 0, 6]);
    expect(classCounts(test)).toEqual(new Array(10).fill(1000));
    for (const index of [0, 9999])
      expect([...test.pixels.subarray(index * 3072, (index + 1) * 3072)]).toEqual(
        imageOf('test_batch.bin', index).pixels,
      );
  });
});
