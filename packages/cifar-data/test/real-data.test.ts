import { folderStore } from '@convlens/core/node';
import { channelStatistics, classCounts } from '@convlens/image-set';
import { readExactly } from '@convlens/image-set/files';
import { describe, expect, it } from 'vitest';
import { CIFAR10_CLASSES, loadCifar10 } from '../src/index.js';

const folder = process.env.CONVLENS_DATA_DIR;
const required = process.env.CONVLENS_REQUIRE?.split(',').includes('data');
const skipped = !folder && !required;
const because = skipped ? ' (skipped: CONVLENS_DATA_DIR names no folder with the real files)' : '';

const open = () => {
  expect(folder, 'CONVLENS_REQUIRE says that CONVLENS_DATA_DIR is provided').toBeTruthy();
  return folderStore(folder!);
};

describe('the real CIFAR-10', () => {
  it.skipIf(skipped)(`has the known training images${because}`, async () => {
    const train = await loadCifar10(open(), { split: 'train' });
    expect(train.count).toBe(50_000);
    expect([...train.labels!.subarray(0, 5)].map((label) => CIFAR10_CLASSES[label])).toEqual([
      'frog',
      'truck',
      'truck',
      'deer',
      'automobile',
    ]);
    expect(classCounts(train)).toEqual(new Array(10).fill(5000));
    const { mean, std } = channelStatistics(train);
    expect(mean.map((value) => value.toFixed(4))).toEqual(['0.4914', '0.4822', '0.4465']);
    expect(std.map((value) => value.toFixed(4))).toEqual(['0.2470', '0.2435', '0.2616']);
  });

  it.skipIf(skipped)(`has the known test labels${because}`, async () => {
    const test = await loadCifar10(open(), { split: 'test' });
    expect([...test.labels!.subarray(0, 5)]).toEqual([3, 8, 8, 0, 6]);
    expect(classCounts(test)).toEqual(new Array(10).fill(1000));
  });

  it.skipIf(skipped)(`lies in files with the official checksums${because}`, async () => {
    const store = open();
    const [name] = (await store.list()).filter((path) => path.endsWith('data_batch_1.bin'));
    const md5 = '5dd7e06a14cb22eb9f671a540d1b7c25';
    expect(await readExactly(store, name, { bytes: 30_730_000, md5 })).toMatchObject({ matches: true });
  });
});
