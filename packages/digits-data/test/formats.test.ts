import { readFileSync } from 'node:fs';
import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { DIGITS, loadMnist, loadSvhn } from '../src/index.js';
import { survives } from '../../../test/support/mutate-bytes.js';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  'svhn' | 'svhnLabels' | 'mnist' | 'mnistLabels',
  number[]
>;
const SMALL = { split: 'test', official: false } as const;

const storeOf = async (files: Record<string, Uint8Array>) => {
  const store = memoryStore();
  for (const [name, bytes] of Object.entries(files)) await store.write(name, bytes);
  return store;
};

describe('loadSvhn', () => {
  it.each(['compressed', 'plain', 'double-labels'])(
    'reads what SciPy writes (%s), 10 as the digit 0',
    async (kind) => {
      const store = await storeOf({ 'test_32x32.mat': fixture(`svhn-${kind}.mat`) });
      const set = await loadSvhn(store, SMALL);
      expect([set.count, set.height, set.width, set.channels]).toEqual([4, 32, 32, 3]);
      expect([...set.pixels]).toEqual(expected.svhn);
      expect([...set.labels!]).toEqual(expected.svhnLabels);
      expect(set.classNames).toBe(DIGITS);
      const two = await loadSvhn(store, { ...SMALL, limit: 2 });
      expect([...two.pixels]).toEqual(expected.svhn.slice(0, 2 * 3072));
      expect([...two.labels!]).toEqual([1, 0]);
    },
  );

  it('reads a single image, whose last dimension MATLAB drops', async () => {
    const set = await loadSvhn(await storeOf({ 'svhn/test_32x32.mat': fixture('svhn-one.mat') }), SMALL);
    expect([...set.pixels]).toEqual(expected.svhn.slice(0, 3072));
  });

  it('refuses pixels that are kept as signed bytes, which are other numbers', async () => {
    const bytes = fixture('svhn-plain.mat');
    // The tag of the values of X: their type, and how many bytes they are.
    const tag = Uint8Array.of(2, 0, 0, 0, 0, 48, 0, 0);
    const at = bytes.findIndex((_, i) => tag.every((byte, k) => bytes[i + k] === byte));
    bytes[at] = 1;
    await expect(loadSvhn(await storeOf({ 'test_32x32.mat': bytes }), SMALL)).rejects.toThrow(
      /expected X to be bytes from 0 to 255 at byte \d+, found other numbers, of 1 bytes/,
    );
  });

  it('refuses arrays that are no images, and a file that is no official one', async () => {
    const text = await storeOf({ 'test_32x32.mat': fixture('svhn-text.mat') });
    await expect(loadSvhn(text, SMALL)).rejects.toThrow('expected an array of real numbers (class 6 to 15)');
    const small = await storeOf({ 'test_32x32.mat': fixture('svhn-plain.mat') });
    await expect(loadSvhn(small, { split: 'test' })).rejects.toThrow(
      /memory\/test_32x32\.mat: expected 64,275,384 bytes, got [\d,]+/,
    );
    await expect(loadSvhn(memoryStore())).rejects.toThrow(
      'Expected train_32x32.mat of SVHN in memory/ or memory/svhn/ or memory/SVHN/, found no such file: put the official files there (http://ufldl.stanford.edu/housenumbers/)',
    );
  });
});

describe('loadMnist', () => {
  it.each([
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', ''],
    ['mnist/t10k-images-idx3-ubyte.gz', 'mnist/t10k-labels-idx1-ubyte.gz', '.gz'],
    ['MNIST/raw/t10k-images.idx3-ubyte', 'MNIST/raw/t10k-labels.idx1-ubyte', ''],
  ])('reads %s', async (images, labels, suffix) => {
    const store = await storeOf({
      [images]: fixture(`images-idx3-ubyte${suffix}`),
      [labels]: fixture(`labels-idx1-ubyte${suffix}`),
    });
    const set = await loadMnist(store, SMALL);
    expect([...set.pixels]).toEqual(expected.mnist);
    expect([...set.labels!]).toEqual(expected.mnistLabels);
    expect((await loadMnist(store, { ...SMALL, limit: 2 })).count).toBe(2);
  });

  it('says at which byte something is wrong', async () => {
    const labels = fixture('labels-idx1-ubyte');
    labels[9] = 10;
    const files = {
      't10k-images-idx3-ubyte': fixture('images-idx3-ubyte'),
      't10k-labels-idx1-ubyte': labels,
    };
    await expect(loadMnist(await storeOf(files), SMALL)).rejects.toThrow(
      'memory/t10k-labels-idx1-ubyte: expected a label from 0 to 9 of image 1 at byte 9, found 10',
    );
    const swapped = { 't10k-images-idx3-ubyte': labels, 't10k-labels-idx1-ubyte': labels };
    await expect(loadMnist(await storeOf(swapped), SMALL)).rejects.toThrow(
      'expected the IDX head 0 0 8 3 at byte 0, found 0 0 8 1',
    );
  });
});

describe('ten thousand damaged files are read or refused with a reason', () => {
  const reader = (files: Record<string, Uint8Array>) => ({
    location: 'data',
    list: async () => Object.keys(files),
    read: async (name: string) => files[name],
  });

  it.each(['plain', 'compressed'])('a MATLAB file (%s)', { timeout: 60_000 }, async (kind) => {
    const parse = (bytes: Uint8Array) => loadSvhn(reader({ 'test_32x32.mat': bytes }), SMALL);
    const { refused } = await survives(fixture(`svhn-${kind}.mat`), { parse });
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([
    ['images-idx3-ubyte', 'labels-idx1-ubyte'],
    ['images-idx3-ubyte.gz', 'labels-idx1-ubyte'],
  ])('%s', { timeout: 60_000 }, async (images, labels) => {
    const packed = images.endsWith('.gz');
    const labelBytes = fixture(packed ? `${labels}.gz` : labels);
    const parse = (bytes: Uint8Array) =>
      loadMnist(
        reader({ [`t10k-${images}`]: bytes, [`t10k-${labels}${packed ? '.gz' : ''}`]: labelBytes }),
        SMALL,
      );
    const { refused } = await survives(fixture(images), { parse });
    expect(refused).toBeGreaterThan(1000);
  });
});
