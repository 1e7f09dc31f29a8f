import { idsOf } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { DIGIT_CLASSES, DIGITS_DATASETS, FASHION_CLASSES } from '../src/index.js';
import { fixture, storeOf } from './small-files.js';

describe('DIGITS_DATASETS', () => {
  it('lists the data sets of this package, with the stand-in for SVHN', () => {
    expect(idsOf(DIGITS_DATASETS)).toEqual(['mnist', 'fashion-mnist', 'svhn', 'svhn-generated']);
    const others = DIGITS_DATASETS.filter(({ classNames }) => classNames !== DIGIT_CLASSES);
    expect(others.map(({ id, classNames }) => [id, classNames])).toEqual([
      ['fashion-mnist', FASHION_CLASSES],
    ]);
    expect(DIGITS_DATASETS.filter(({ standsInFor }) => standsInFor).map(({ id }) => id)).toEqual([
      'svhn-generated',
    ]);
    const standIn = DIGITS_DATASETS[3];
    expect([standIn.standsInFor, standIn.caveat?.includes('not SVHN')]).toEqual(['svhn', true]);
  });

  it.each(DIGITS_DATASETS.map((dataset) => [dataset.id, dataset] as const))(
    'loads %s from files',
    async (_, dataset) => {
      const store = await storeOf({
        't10k-images-idx3-ubyte': fixture('images-idx3-ubyte'),
        't10k-labels-idx1-ubyte': fixture('labels-idx1-ubyte'),
        'fashion-mnist/t10k-images-idx3-ubyte': fixture('images-idx3-ubyte'),
        'fashion-mnist/t10k-labels-idx1-ubyte': fixture('labels-idx1-ubyte'),
        'test_32x32.mat': fixture('svhn-plain.mat'),
      });
      if (!dataset.needsFiles) throw new Error('Expected a data set that is read from files');
      // The files are smaller than the official ones.
      const set = await dataset.load(store, { split: 'test', official: false } as never);
      expect(set.classNames).toBe(dataset.classNames);
      expect(set.count).toBe(dataset.id === 'svhn' ? 4 : 3);
      await expect(dataset.load(store, { split: 'test' })).rejects.toThrow(/expected [\d,]+ (bytes|images)/);
    },
  );
});
