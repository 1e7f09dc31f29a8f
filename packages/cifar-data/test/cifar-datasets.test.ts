import { idsOf } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { CIFAR100_CLASSES, CIFAR10_CLASSES, CIFAR_DATASETS } from '../src/index.js';
import { storeOf, fixture } from './small-files.js';

describe('CIFAR_DATASETS', () => {
  it('lists the data sets of this package', () => {
    expect(idsOf(CIFAR_DATASETS)).toEqual(['cifar10', 'cifar100']);
    expect(CIFAR_DATASETS.map(({ classNames }) => classNames)).toEqual([CIFAR10_CLASSES, CIFAR100_CLASSES]);
  });

  it.each([
    ['cifar10', 'test_batch.bin', 'cifar10-test_batch.bin'],
    ['cifar100', 'test.bin', 'cifar100-test.bin'],
  ])('loads %s from files', async (id, name, file) => {
    const dataset = CIFAR_DATASETS.find((entry) => entry.id === id)!;
    const store = await storeOf({ [name]: fixture(file) });
    if (!dataset.needsFiles) throw new Error('Expected a data set that is read from files');
    // Three images are not the official file, which is refused.
    await expect(dataset.load(store, { split: 'test' })).rejects.toThrow(`memory/${name}: expected`);
    const set = await dataset.load(store, { split: 'test', official: false } as never);
    expect([set.count, set.classNames]).toEqual([3, dataset.classNames]);
  });
});
