import { extend, idsOf } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { DATASETS, expectDataset, isFolderPath, loadDataset } from '../../src/index.js';

describe('DATASETS', () => {
  it('has unique ids, and titles of one line', () => {
    expect(idsOf(DATASETS)).toEqual([
      'shapes',
      'cifar10',
      'cifar100',
      'mnist',
      'fashion-mnist',
      'svhn',
      'svhn-generated',
    ]);
    for (const { title, classNames } of DATASETS) {
      expect(title).toMatch(/^\S.{20,120}\S$/);
      expect(classNames.length).toBeGreaterThan(1);
    }
  });

  it('has stand-ins for data sets of the list, with a caveat', () => {
    const standIns = DATASETS.filter(({ standsInFor }) => standsInFor !== undefined);
    for (const { standsInFor, caveat } of standIns) {
      expect(idsOf(DATASETS)).toContain(standsInFor);
      expect(caveat).toMatch(/\.$/);
    }
  });
});

describe('loadDataset', () => {
  it('generates shapes: 1,000 test images, and as many training images as the limit', async () => {
    const test = await loadDataset('shapes');
    expect([test.count, test.classNames.length]).toEqual([1000, 10]);
    const train = await loadDataset('shapes', { split: 'train', limit: 20 });
    expect(train.count).toBe(20);
    expect((await loadDataset('shapes', { limit: 20 })).count).toBe(1000);
  });

  it('loads a data set of the option datasets', async () => {
    const images = await loadDataset('shapes', { split: 'train', limit: 3 });
    const mine = {
      id: 'mine',
      title: 'my own images',
      classNames: images.classNames,
      needsFiles: false,
      load: async () => images,
    } as const;
    expect(await loadDataset('mine', { datasets: extend(DATASETS, [mine]) })).toBe(images);
    await expect(loadDataset('mine')).rejects.toThrow('got "mine"');
  });

  it('refuses an unknown data set, and one of files without a source', async () => {
    await expect(loadDataset('imagenet', { source: memoryStore() as never })).rejects.toThrow(
      /^Expected data to be one of shapes, cifar10, .*got "imagenet"; a folder of your own images/,
    );
    for (const name of ['cifar10', './flowers'])
      await expect(loadDataset(name)).rejects.toThrow(
        `Expected source, the files of ${name}, got none: pass folderFiles(folder) or downloads() of ` +
          '@convlens/image-set/node, on the command line --data-dir or CONVLENS_DATA_DIR',
      );
  });
});

it('a name with a slash is the path of a folder', () => {
  expect(['./flowers', '/data/flowers', '..', 'C:\\flowers'].map(isFolderPath)).toEqual(Array(4).fill(true));
  expect(idsOf(DATASETS).some(isFolderPath)).toBe(false);
  expect(expectDataset('./flowers')).toBe('./flowers');
});
