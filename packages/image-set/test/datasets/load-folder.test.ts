import { memoryStore } from '@convlens/storage';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { commonImageSize, loadFolder, type FolderSplit } from '../../src/folder.js';
import { classCounts, stratifiedSubset } from '../../src/index.js';
import { expected, imageFile } from '../codecs/fixtures.js';

const png = (value: number) =>
  encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12).fill(value) });

/** A store of images by name, each of one value. */
const folderOf = async (files: Record<string, number>) => {
  const store = memoryStore();
  for (const [name, value] of Object.entries(files)) await store.write(name, png(value));
  return store;
};

const SMALL = { height: 2, width: 2 };

describe('loadFolder', () => {
  it('takes the folders as classes, in the order of their names', async () => {
    const store = await folderOf({
      'roses/b.png': 2,
      'roses/a.PNG': 1,
      'daisies/x.png': 3,
      'top.png': 9,
      'roses/._b.png': 8,
    });
    await store.write('roses/notes.txt', Uint8Array.of(1));
    const set = await loadFolder(store, SMALL);
    expect([set.classNames, [...set.labels!]]).toEqual([
      ['daisies', 'roses'],
      [0, 1, 1],
    ]);
    expect([0, 12, 24].map((offset) => set.pixels[offset])).toEqual([3, 1, 2]);
    expect((await loadFolder(store, { limit: 2 })).labels).toEqual(Int32Array.of(0, 1));
  });

  it('resizes by default to the size that most images have, with sides of at most 64, after a center crop', async () => {
    const store = memoryStore();
    /** Black at the left and the right, white in the middle half. */
    const wide = (width: number, height: number) =>
      encode({
        width,
        height,
        channels: 1,
        data: Uint8Array.from({ length: width * height }, (_, i) =>
          i % width >= width / 4 && i % width < (3 * width) / 4 ? 255 : 0,
        ),
      });
    const sizes = [[20, 10], [20, 10], [20, 10], [100, 50], [7, 9]] as const; // prettier-ignore
    for (const [i, [width, height]] of sizes.entries()) await store.write(`a/${i}.png`, wide(width, height));
    expect(await commonImageSize(store)).toEqual({ height: 10, width: 20 });
    const set = await loadFolder(store);
    expect([set.height, set.width, set.channels, set.count]).toEqual([10, 20, 3, 5]);

    const large = memoryStore();
    for (const i of [0, 1]) await large.write(`a/${i}.png`, wide(100, 50));
    const cropped = await loadFolder(large);
    expect([cropped.height, cropped.width]).toEqual([50, 64]);
    const square = { height: 50 };
    expect(new Set((await loadFolder(large, square)).pixels)).toEqual(new Set([255]));
    expect((await loadFolder(large, { ...square, fit: 'stretch' })).pixels.slice(0, 3)).toEqual(
      Uint8Array.of(0, 0, 0),
    );
    const padded = await loadFolder(large, { ...square, fit: 'pad', background: [9, 8, 7] });
    expect([...padded.pixels.slice(0, 6)]).toEqual([9, 8, 7, 9, 8, 7]);
  });

  it('reads color, and converts it to gray, as Pillow does', async () => {
    const store = memoryStore();
    await store.write('a/rgb.png', imageFile('rgb.png'));
    const size = { height: 21, width: 34 };
    expect([...(await loadFolder(store, size)).pixels]).toEqual(expected.images['rgb.png'].pixels);
    expect([...(await loadFolder(store, { ...size, channels: 1 })).pixels]).toEqual(expected.gray);
  });

  it('takes a stratified sample of the images where `limit` bounds them', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `${i < 20 ? 'cat' : 'dog'}/${10 + i}.png`);
    const store = await folderOf(Object.fromEntries(names.map((name, i) => [name, i])));
    const limited = await loadFolder(store, { ...SMALL, limit: 6 });
    expect(classCounts(limited)).toEqual([4, 2]);
    expect(limited).toEqual(stratifiedSubset(await loadFolder(store, SMALL), { count: 6 }));
    expect(limited.pixels[12 * 3]).toBeGreaterThan(3);
  });

  it('separates training and test images by their folders', async () => {
    const store = await folderOf({ 'train/a/1.png': 1, 'train/b/2.png': 2, 'test/a/3.png': 3 });
    const test = await loadFolder(store, { split: 'test', ...SMALL });
    expect([test.count, test.pixels[0], test.name]).toEqual([1, 3, 'memory test']);
    expect((await loadFolder(store)).count).toBe(3);
  });

  it('takes a fixed fifth of each class as test images where there are no such folders', async () => {
    const files = Array.from({ length: 40 }, (_, i) => [`${i % 2 ? 'a' : 'b'}/${i}.png`, i] as const);
    const store = await folderOf(Object.fromEntries(files));
    const train = await loadFolder(store, { split: 'train', ...SMALL });
    const test = await loadFolder(store, { split: 'test', ...SMALL });
    expect([classCounts(train), classCounts(test)]).toEqual([
      [16, 16],
      [4, 4],
    ]);
    const values = [train, test].flatMap(({ pixels, count }) =>
      Array.from({ length: count }, (_, i) => pixels[12 * i]),
    );
    expect(values.sort((a, b) => a - b)).toEqual(files.map(([, value]) => value));
  });

  it('gives a class the same label in training and test images, even if one of them has no image of it', async () => {
    const store = await folderOf({
      'train/a/1.png': 1,
      'train/b/2.png': 2,
      'test/b/3.png': 3,
      'test/c/4.png': 4,
    });
    const train = await loadFolder(store, { split: 'train' });
    const test = await loadFolder(store, { split: 'test' });
    expect([train.classNames, test.classNames]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect([[...train.labels!], [...test.labels!]]).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('loads the validation images of their folder, which are neither training nor test images', async () => {
    const store = await folderOf({
      'train/a/1.png': 1,
      'train/b/1.png': 2,
      'val/a/1.png': 3,
      'test/b/1.png': 4,
    });
    const pixels = async (split: FolderSplit) => {
      const set = await loadFolder(store, { split, ...SMALL });
      return [set.name, ...Array.from({ length: set.count }, (_, i) => set.pixels[12 * i])];
    };
    expect(await pixels('train')).toEqual(['memory train', 1, 2]);
    expect(await pixels('validation')).toEqual(['memory validation', 3]);
    expect(await pixels('test')).toEqual(['memory test', 4]);
    expect(await pixels('all')).toEqual(['memory', 1, 3, 4, 2]);
    const withoutFolder = await folderOf({ 'train/a/1.png': 1, 'test/b/1.png': 4 });
    await expect(loadFolder(withoutFolder, { split: 'validation' })).rejects.toThrow(
      'Expected a folder of validation images (val/) in memory, found none',
    );
  });

  it('says how the folder was understood before it reads images', async () => {
    const store = await folderOf({ 'a/1.png': 1, 'b/1.png': 2 });
    const events: string[] = [];
    await loadFolder(store, {
      onLayout: ({ classNames }) => events.push(classNames.join()),
      onFile: ({ name }) => events.push(name),
    });
    expect(events).toEqual(['a,b', 'a/1.png', 'b/1.png']);
  });

  it('accepts a class that is named like a split', async () => {
    const trains = await folderOf({ 'train/1.png': 1, 'bus/1.png': 2 });
    expect((await loadFolder(trains)).classNames).toEqual(['bus', 'train']);
  });

  it('names what is missing, and a file that is no image', async () => {
    await expect(loadFolder(memoryStore())).rejects.toThrow(
      'Expected image files (PNG, JPEG, WebP, GIF or BMP) in memory, in one folder per class, found no file',
    );
    await expect(loadFolder(await folderOf({ 'a.png': 1 }))).rejects.toThrow('found 1 image such as a.png');
    const store = await folderOf({ 'a/1.png': 1 });
    await store.write('a/2.jpg', Uint8Array.of(1, 2, 3));
    await expect(loadFolder(store)).rejects.toThrow(
      'memory/a/2.jpg: expected a PNG, JPEG, WebP, GIF or BMP, found',
    );
  });

  it.each([
    [{ channels: 2 as never }, 'Expected channels to be one of 1, 3, got "2"'],
    [{ split: 'val' as never }, 'Expected split to be one of all, train, validation, test, got "val"'],
    [{ limit: 0 }, 'Expected limit to be an integer >= 1, got 0'],
  ])('refuses %o', async (options, message) => {
    await expect(loadFolder(await folderOf({ 'a/1.png': 1 }), options)).rejects.toThrow(message);
  });
});
