import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { DIGIT_CLASSES, loadSvhn } from '../src/index.js';
import { expected, fixture, SMALL, storeOf } from './small-files.js';

describe('loadSvhn', () => {
  it.each(['compressed', 'plain', 'double-labels'])(
    'reads the files that SciPy writes (%s), 10 as the digit 0',
    async (kind) => {
      const store = await storeOf({ 'test_32x32.mat': fixture(`svhn-${kind}.mat`) });
      const set = await loadSvhn(store, SMALL);
      expect([set.count, set.height, set.width, set.channels]).toEqual([4, 32, 32, 3]);
      expect([...set.pixels]).toEqual(expected.svhn);
      expect([...set.labels!]).toEqual(expected.svhnLabels);
      expect(set.classNames).toBe(DIGIT_CLASSES);
      const two = await loadSvhn(store, { ...SMALL, limit: 2 });
      expect([...two.pixels]).toEqual(expected.svhn.slice(0, 2 * 3072));
      expect([...two.labels!]).toEqual([1, 0]);
    },
  );

  it('reads a single image, whose last dimension MATLAB drops', async () => {
    const set = await loadSvhn(await storeOf({ 'svhn/test_32x32.mat': fixture('svhn-one.mat') }), SMALL);
    expect([...set.pixels]).toEqual(expected.svhn.slice(0, 3072));
  });

  it('refuses pixels that are stored as signed bytes', async () => {
    const bytes = fixture('svhn-plain.mat');
    // The tag of the values of X: their type and their size.
    const tag = Uint8Array.of(2, 0, 0, 0, 0, 48, 0, 0);
    const start = bytes.findIndex((_, i) => tag.every((byte, k) => bytes[i + k] === byte));
    bytes[start] = 1;
    await expect(loadSvhn(await storeOf({ 'test_32x32.mat': bytes }), SMALL)).rejects.toThrow(
      /expected X to be bytes from 0 to 255 at byte \d+, found other numbers, of 1 bytes/,
    );
  });

  it('refuses arrays of something else, and a file that is not the official one', async () => {
    const text = await storeOf({ 'test_32x32.mat': fixture('svhn-text.mat') });
    await expect(loadSvhn(text, SMALL)).rejects.toThrow('expected an array of real numbers (class 6 to 15)');
    const small = await storeOf({ 'test_32x32.mat': fixture('svhn-plain.mat') });
    await expect(loadSvhn(small, { split: 'test' })).rejects.toThrow(
      /memory\/test_32x32\.mat: expected 64,275,384 bytes, got [\d,]+/,
    );
    await expect(loadSvhn(memoryStore())).rejects.toThrow(
      'Expected train_32x32.mat of SVHN in memory/ or memory/svhn/ or memory/SVHN/, found no such file: ' +
        'put the official files there (https://ufldl.stanford.edu/housenumbers/)',
    );
  });
});
