import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { memoryStore } from '@convlens/storage';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { classCounts } from '../src/index.js';
import { decodeImage, loadFolder, resizeImage } from '../src/folder.js';
import { survives } from '../../../test/support/mutate-bytes.js';

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

/** A PNG by its definition (W3C): grey of 8 bits unless told otherwise, each row without a filter. */
function pngOf(image: {
  width: number;
  height?: number;
  depth?: number;
  colour?: number;
  interlaced?: boolean;
  rows: number[][];
  chunks?: readonly (readonly [type: string, data: readonly number[]])[];
}): Uint8Array {
  const { width, height = 1, depth = 8, colour = 0, interlaced = false, rows, chunks = [] } = image;
  const chunk = (type: string, data: ArrayLike<number>) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length);
    bytes.write(type, 4, 'latin1');
    bytes.set(data, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
    return bytes;
  };
  const head = [0, 0, 0, width, 0, 0, 0, height, depth, colour, 0, 0, interlaced ? 1 : 0];
  const data = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  const all = [
    chunk('IHDR', head),
    ...chunks.map((one) => chunk(...one)),
    chunk('IDAT', data),
    chunk('IEND', []),
  ];
  return new Uint8Array(Buffer.concat([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), ...all]));
}

/** The checksum of PNG, a bit at a time. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

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

  it('lays on black what a PNG calls transparent by its colour', () => {
    const key = ['tRNS', [0, 200]] as const;
    expect([...decodeImage(pngOf({ width: 2, rows: [[200, 100]], chunks: [key] })).pixels]).toEqual([0, 0, 0, 100, 100, 100]); // prettier-ignore
    const colour = { width: 3, colour: 2, rows: [[1, 2, 3, 1, 2, 4, 1, 2, 3]] };
    const pixels = decodeImage(pngOf({ ...colour, chunks: [['tRNS', [0, 1, 0, 2, 0, 3]]] })).pixels;
    expect([...pixels]).toEqual([0, 0, 0, 1, 2, 4, 0, 0, 0]);
  });

  it('passes over the palette that a PNG suggests for poor screens', () => {
    const suggested = pngOf({ width: 1, colour: 2, rows: [[1, 2, 3]], chunks: [['PLTE', [9, 9, 9]]] });
    expect([...decodeImage(suggested).pixels]).toEqual([1, 2, 3]);
  });

  it('reads an interlaced PNG (Adam7), and refuses one of fewer than 8 bits, which it would not read right', () => {
    // Of 3 x 2 pixels the passes have these: the first, the third of row 0, the second of row 0, row 1.
    const rows = [[10], [30], [20], [40, 50, 60]];
    const image = decodeImage(pngOf({ width: 3, height: 2, interlaced: true, rows }));
    expect(Array.from({ length: 6 }, (_, i) => image.pixels[3 * i])).toEqual([10, 20, 30, 40, 50, 60]);
    expect(() =>
      decodeImage(pngOf({ width: 3, height: 2, depth: 1, interlaced: true, rows }), 'a.png'),
    ).toThrow(
      'a.png: expected 8 or 16 bits a sample in an interlaced PNG, found 1 (save it without interlacing)',
    );
  });

  it('refuses an image whose data is less than its size says, or far more', () => {
    const decode = (png: Uint8Array) => () => decodeImage(png, 'a.png');
    expect(decode(pngOf({ width: 2, height: 2, rows: [[1, 2]] }))).toThrow(
      'a.png: expected 4 bytes of data for 2 x 2 pixels, found 3',
    );
    const zeros = new Array<number>(100_000).fill(0);
    expect(decode(pngOf({ width: 2, rows: [zeros] }))).toThrow('2 x 1 pixels, found more than');
    // A profile of colours is not asked for, so however large it is it is not unpacked.
    const profile = ['iCCP', [65, 0, 0, 1, 2, 3]] as const;
    expect(decodeImage(pngOf({ width: 1, rows: [[7]], chunks: [profile] })).pixels).toEqual(Uint8Array.of(7, 7, 7)); // prettier-ignore
    const small = fixture('baseline.jpg');
    small.set([0x20, 0, 0x10, 0], small.findIndex((_, i) => small[i] === 0xff && small[i + 1] === 0xc0) + 5);
    expect(() => decodeImage(small, 'a.jpg')).toThrow(
      /a\.jpg: expected data for 4096 x 8192 pixels, found [\d]+ bytes/,
    );
  });

  it('refuses a JPEG with so many scans that it would take minutes', () => {
    const jpeg = fixture('progressive.jpg');
    const start = jpeg.findIndex((_, i) => jpeg[i] === 0xff && jpeg[i + 1] === 0xda);
    const scan = jpeg.subarray(start, jpeg.length - 2);
    const many = Uint8Array.from([
      ...jpeg.subarray(0, start),
      ...new Array(20).fill([...scan]).flat(),
      0xff,
      0xd9,
    ]);
    expect(() => decodeImage(many, 'a.jpg')).toThrow('a.jpg: expected at most 100 scans, found more');
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

  it('gives a class the same label in training and test images, though one of them has no image of it', async () => {
    const store = await folderOf({
      'train/a/1.png': 1,
      'train/b/2.png': 2,
      'test/b/3.png': 3,
      'test/c/4.png': 4,
    });
    const [train, test] = await Promise.all((['train', 'test'] as const).map((split) => loadFolder(store, { split }))); // prettier-ignore
    expect([train.classNames, test.classNames]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect([[...train.labels!], [...test.labels!]]).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it.each([
    [['train', 'val'], 'train/, val/'],
    [['Test', 'Train'], 'Test/, Train/'],
    [['train'], 'train/'],
    [['test', 'validation'], 'test/, validation/'],
  ])('takes folders that are parts of a set (%s) for no classes', async (parts, found) => {
    const files = parts.flatMap((part) => [`${part}/a/1.png`, `${part}/b/1.png`]);
    const store = await folderOf(Object.fromEntries(files.map((name) => [name, 1])));
    await expect(loadFolder(store)).rejects.toThrow(
      `Expected train/ and test/ in memory, or one folder a class, found ${found}: rename them, or name one of them`,
    );
    // A class may well be called so.
    const trains = await folderOf({ 'train/1.png': 1, 'bus/1.png': 2 });
    expect((await loadFolder(trains)).classNames).toEqual(['bus', 'train']);
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
