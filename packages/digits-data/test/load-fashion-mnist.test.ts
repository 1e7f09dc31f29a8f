import { describe, expect, it } from 'vitest';
import { FASHION_CLASSES, loadFashionMnist } from '../src/index.js';
import { expected, fixture, readerOf, SMALL, storeOf } from './small-files.js';

const images = fixture('images-idx3-ubyte');
const labels = fixture('labels-idx1-ubyte');

describe('loadFashionMnist', () => {
  it.each(['fashion-mnist/', 'FashionMNIST/raw/'])(
    'reads the files in %s, with the names of its classes',
    async (folder) => {
      const store = await storeOf({
        [`${folder}t10k-images-idx3-ubyte`]: images,
        [`${folder}t10k-labels-idx1-ubyte`]: labels,
      });
      const set = await loadFashionMnist(store, SMALL);
      expect([...set.pixels]).toEqual(expected.mnist);
      expect([...set.labels]).toEqual(expected.mnistLabels);
      expect([set.name, set.classNames]).toEqual(['Fashion-MNIST test', FASHION_CLASSES]);
    },
  );

  it.each(['', '.gz'])(
    'takes files%s outside of such a folder for those of MNIST, unless the folder says otherwise',
    async (suffix) => {
      const reader = readerOf({
        [`t10k-images-idx3-ubyte${suffix}`]: fixture(`images-idx3-ubyte${suffix}`),
        [`t10k-labels-idx1-ubyte${suffix}`]: fixture(`labels-idx1-ubyte${suffix}`),
      });
      await expect(loadFashionMnist(reader, SMALL)).rejects.toMatchObject({ code: 'missing' });
      const named = { ...reader, location: '/data/Fashion-MNIST' };
      expect((await loadFashionMnist(named, SMALL)).count).toBe(3);
      await expect(loadFashionMnist(named, { split: 'test' })).rejects.toThrow(
        /expected (4,422,102 bytes|10,000 images)/,
      );
    },
  );
});
