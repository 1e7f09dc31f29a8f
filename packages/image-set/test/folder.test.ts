import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryStore } from '@convlens/core';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { classCounts } from '../src/index.js';
import { decodeImage, loadFolder, resizeImage } from '../src/folder.js';
import { survives } from '../../../scripts/mutate.js';

const images = fileURLToPath(new URL('fixtures/images/', import.meta.url));
const fixture = (name: string) => new Uint8Array(readFileSync(images + name));
const expected = JSON.parse(readFileSync(`${images}expected.json`, 'utf8')) as {
  images: Record<string, { size: [number, number]; pixels: number[] }>;
  resized: Record<string, number[]>;
  grey: number[];
};
const names = readdirSync(images).filter((name) => !name.endsWith('.json'));

const brightness = (rgb: ArrayLike<number>) =>
  Array.from(
    { length: rgb.length / 3 },
    (_, i) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2],
  );

describe('decodeImage', () => {
  it.each(names)('reads %s as Pillow does', (name) => {
    const { pixels, width, height } = decodeImage(fixture(name), name);
    const { size, pixels: right } = expected.images[name];
    expect([width, height]).toEqual(size);
    // PNG is exact. JPEG leaves rounding free, and how colour that is kept at half the size comes back to full size:
    // there brightness alone is comparable.
    const isJpeg = name.endsWith('.jpg');
    const seen = (values: ArrayLike<number>) =>
      /subsampled|progressive/.test(name) ? brightness(values) : Array.from(values);
    const found = seen(pixels);
    const apart = seen(right).map((value, i) => Math.abs(value - found[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(isJpeg ? 3 : 0);
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThanOrEqual(isJpeg ? 0.6 : 0);
  });

  it('says what it found where there is no image', () => {
    expect(() => decodeImage(Uint8Array.of(71, 73, 70, 56), 'a.png')).toThrow(
      'a.png: expected a PNG or a JPEG, found a file that begins with 47 49 46 38',
    );
    expect(() => decodeImage(fixture('rgb.png').slice(0, 200), 'a.png')).toThrow(/a\.png: expected .*found/);
    const huge = fixture('rgb.png');
    huge.set([0, 1, 0, 0, 0, 1, 0, 0], 16);
    expect(() => decodeImage(huge, 'a.png')).toThrow(
      'expected an image of 1 to 64000000 pixels, found 65536 x 65536',
    );
  });

  it.each(['rgb.png', 'palette.png', 'baseline.jpg', 'progressive.jpg'])(
    'reads ten thousand damaged copies of %s or refuses them with a reason',
    { timeout: 60_000 },
    async (name) => {
      // A head may declare some millions of pixels, which is then what decoding takes.
      const megabytes = name.endsWith('.jpg') ? 256 : 64;
      const parse = (bytes: Uint8Array) => decodeImage(bytes, name);
      const { refused } = await survives(fixture(name), { parse, megabytes });
      expect(refused).toBeGreaterThan(1000);
    },
  );
});

describe('resizeImage', () => {
  const image = decodeImage(fixture('rgb.png'));

  it.each(Object.keys(expected.resized))('to %s gives the pixels that Pillow gives', (size) => {
    const [width, height] = size.split('x').map(Number);
    expect([...resizeImage(image, { width, height }).pixels]).toEqual(expected.resized[size]);
  });

  it("cuts out of the middle with fit 'crop'", () => {
    const square = resizeImage(image, { width: 21, height: 21, fit: 'crop' });
    for (let row = 0; row < 21; row++)
      expect([...square.pixels.subarray(row * 63, (row + 1) * 63)]).toEqual([
        ...image.pixels.subarray((row * 34 + 6) * 3, (row * 34 + 27) * 3),
      ]);
  });
});

const png = (value: number) =>
  encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12).fill(value) });
const folderOf = async (files: Record<string, number>) => {
  const store = memoryStore();
  for (const [name, value] of Object.entries(files)) await store.write(name, png(value));
  return store;
};

describe('loadFolder', () => {
  it('takes folders for classes, in the order of their names', async () => {
    const store = await folderOf({
      'roses/b.png': 2,
      'roses/a.PNG': 1,
      'daisies/x.png': 3,
      'top.png': 9,
      'roses/._b.png': 8,
    });
    await store.write('roses/notes.txt', Uint8Array.of(1));
    const set = await loadFolder(store, { height: 2, width: 2 });
    expect([set.classNames, [...set.labels!]]).toEqual([
      ['daisies', 'roses'],
      [0, 1, 1],
    ]);
    expect([0, 12, 24].map((at) => set.pixels[at])).toEqual([3, 1, 2]);
    const defaults = await loadFolder(store);
    expect([defaults.height, defaults.width, defaults.channels, defaults.pixels.length]).toEqual([
      32,
      32,
      3,
      3 * 3072,
    ]);
    expect((await loadFolder(store, { limit: 2 })).labels).toEqual(Int32Array.of(0, 1));
  });

  it('turns colour to grey as Pillow does', async () => {
    const store = memoryStore();
    await store.write('a/rgb.png', fixture('rgb.png'));
    const set = await loadFolder(store, { height: 21, width: 34, channels: 1 });
    expect([...set.pixels]).toEqual(expected.grey);
  });

  it('keeps training and test images apart: by their folders, or a fifth of each class that never changes', async () => {
    const parted = await folderOf({ 'train/a/1.png': 1, 'train/b/2.png': 2, 'test/a/3.png': 3 });
    const test = await loadFolder(parted, { split: 'test', height: 2, width: 2 });
    expect([test.count, test.pixels[0], test.name]).toEqual([1, 3, 'memory test']);
    expect((await loadFolder(parted)).count).toBe(3);
    const files = Array.from({ length: 40 }, (_, i) => [`${i % 2 ? 'a' : 'b'}/${i}.png`, i] as const);
    const whole = await folderOf(Object.fromEntries(files));
    const [first, second] = await Promise.all((['train', 'test'] as const).map((split) => loadFolder(whole, { split, height: 2, width: 2 }))); // prettier-ignore
    expect([classCounts(first), classCounts(second)]).toEqual([
      [16, 16],
      [4, 4],
    ]);
    const values = [first, second].flatMap(({ pixels, count }) =>
      Array.from({ length: count }, (_, i) => pixels[12 * i]),
    );
    expect(values.sort((a, b) => a - b)).toEqual(files.map(([, value]) => value));
  });

  it('says what is missing, and which file is no image', async () => {
    await expect(loadFolder(memoryStore())).rejects.toThrow(
      'Expected one folder a class with PNG or JPEG files in memory/, found no image',
    );
    await expect(loadFolder(await folderOf({ 'a.png': 1 }))).rejects.toThrow('found 1 images in no folder');
    const store = await folderOf({ 'a/1.png': 1 });
    await store.write('a/2.jpg', Uint8Array.of(1, 2, 3));
    await expect(loadFolder(store)).rejects.toThrow('memory/a/2.jpg: expected a PNG or a JPEG, found');
  });
});
