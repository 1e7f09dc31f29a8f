import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ImageSet } from '@convlens/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveFiles, fromFileList } from '../../src/files.js';
import { loadImages, readImagesLayout, type FolderLayout, type LoadImagesOptions } from '../../src/folder.js';
import { folderFiles, localFile, localSource } from '../../src/node.js';
import { expected, fileOf, fixturePath, readFixture, redOf } from './fixtures.js';

const SIZE = { height: 8, width: 8 };
const folder = mkdtempSync(join(tmpdir(), 'convlens-load-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pixelsOf = ({ pixels }: ImageSet) => Array.from(pixels);
const labelsOf = ({ labels }: ImageSet) => Array.from(labels!);

/** The class names of labels, which the fixtures without names cannot say. */
const NUMBERS = ['0', '1', '2'];

describe('loadImages', () => {
  beforeAll(async () => {
    const archive = archiveFiles(readFixture('pets.zip'));
    for (const name of await archive.list()) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), (await archive.read(name))!);
    }
  });

  it.each<[string, readonly string[], LoadImagesOptions?]>([
    ['pets', expected.classes, SIZE],
    ['pets.zip', expected.classes, SIZE],
    ['pets.tar.gz', expected.classes, SIZE],
    ['pets.npz', NUMBERS],
    ['pets.npz', expected.classes, { classNames: expected.classes }],
    ['hub', expected.classes, SIZE],
  ])(
    'loads the training and the test images of %s as Python wrote them',
    async (name, classNames, options) => {
      const source = await localSource(name === 'pets' ? join(folder, 'pets') : fixturePath(name));
      const train = await loadImages(source, { ...options, split: 'train' });
      expect(train).toMatchObject({ kind: 'image-set', count: 18, ...SIZE, channels: 3, classNames });
      expect(pixelsOf(train)).toEqual(expected.trainPixels);
      expect(labelsOf(train)).toEqual(expected.trainLabels);
      const test = await loadImages(source, { ...options, split: 'test' });
      expect(pixelsOf(test)).toEqual(expected.testPixels);
      expect(labelsOf(test)).toEqual(expected.testLabels);
      expect([train.name, test.name]).toEqual(
        ['train', 'test'].map((split) => `${name.replace(/\..*/, '')} ${split}`),
      );
    },
  );

  it.each<[string, readonly string[], LoadImagesOptions?]>([
    ...['none', 'snappy', 'gzip', 'zstd', 'brotli', 'checksums'].map((codec): [string, readonly string[]] => [
      `${codec}.parquet`,
      expected.classes,
    ]),
    ['names.parquet', expected.classes],
    ['plain.parquet', NUMBERS],
    ['columns.parquet', expected.classes, { labelColumn: 'fine' }],
    ['columns.parquet', NUMBERS, { labelColumn: 'coarse', imageColumn: 'photo' }],
    ['floats.npz', NUMBERS],
    ['halves.npz', NUMBERS],
    ['planes.npz', expected.classes],
    ['positions.npz', NUMBERS],
  ])('loads %s with the classes %j in the order of the file', async (name, classNames, options) => {
    const shape = name.endsWith('.parquet') ? SIZE : {};
    const set = await loadImages(fileOf(name), { ...shape, ...options });
    expect(set).toMatchObject({
      count: 18,
      ...SIZE,
      channels: 3,
      classNames,
      name: name.replace(/\.\w+$/, ''),
    });
    expect(pixelsOf(set)).toEqual(expected.trainPixels);
    expect(labelsOf(set)).toEqual(expected.trainLabels);
  });

  it.each(['rows.npz', 'digits.csv'])('loads %s as gray images', async (name) => {
    const set = await loadImages(await localFile(fixturePath(name)));
    expect(set).toMatchObject({ count: 18, ...SIZE, channels: 1, classNames: NUMBERS });
    expect(pixelsOf(set)).toEqual(redOf(expected.trainPixels));
    expect(labelsOf(set)).toEqual(expected.trainLabels);
    const color = await loadImages(fileOf(name), { channels: 3, height: 4, width: 5 });
    expect(color).toMatchObject({ height: 4, width: 5, channels: 3 });
  });

  it('reads lines that end as those of Windows, quotes, a byte order mark and other names of columns', async () => {
    const digits = new TextDecoder().decode(readFixture('digits.csv'));
    const pixels = Array.from({ length: 64 }, (_, i) => `"${(i >> 3) + 1}x${(i % 8) + 1}"`);
    const written = `\ufeff${digits.replace(/.*\n/, `"class",${pixels.join(',')}\n`).replaceAll('\n', '\r\n')}\r\n`;
    const set = await loadImages(fileOf('a.csv', new TextEncoder().encode(written)));
    expect(pixelsOf(set)).toEqual(redOf(expected.trainPixels));
    expect(labelsOf(set)).toEqual(expected.trainLabels);
  });

  it('takes the splits of FER2013: PublicTest validates, PrivateTest tests', async () => {
    const load = (split: FolderLayoutSplit) => loadImages(fileOf('faces.csv'), { split });
    expect(pixelsOf(await load('train'))).toEqual(redOf(expected.trainPixels));
    for (const split of ['validation', 'test'] as const) {
      const set = await load(split);
      expect(set.name).toBe(`faces ${split}`);
      expect(pixelsOf(set)).toEqual(redOf(expected.testPixels));
      expect(labelsOf(set)).toEqual(expected.testLabels);
    }
  });

  it('holds out the images of an unsplit file that it holds out of the folder', async () => {
    const inFolder = folderFiles(join(folder, 'pets/train'));
    for (const split of ['train', 'test'] as const) {
      const reference = await loadImages(inFolder, { ...SIZE, split });
      for (const name of ['snappy.parquet', 'floats.npz']) {
        const set = await loadImages(fileOf(name), { ...SIZE, split });
        expect([pixelsOf(set), labelsOf(set)]).toEqual([pixelsOf(reference), labelsOf(reference)]);
      }
    }
  });

  it('takes the stratified sample that loadFolder takes', async () => {
    const options = { ...SIZE, split: 'train', limit: 7 } as const;
    const reference = await loadImages(folderFiles(join(folder, 'pets')), options);
    for (const name of ['pets.npz', 'pets.zip']) {
      const set = await loadImages(fileOf(name), options);
      expect([pixelsOf(set), labelsOf(set)]).toEqual([pixelsOf(reference), labelsOf(reference)]);
    }
    const hub = await loadImages(await localSource(fixturePath('hub')), options);
    expect(pixelsOf(hub)).toEqual(pixelsOf(reference));
  });

  it('takes one selected file for that file, and several for a folder', async () => {
    const one = await loadImages([fileOf('pets.npz')], { split: 'train' });
    expect(pixelsOf(one)).toEqual(expected.trainPixels);
    const several = ['train', 'test'].map((split) =>
      fileOf(`${split}-00000-of-00001.parquet`, readFixture(`hub/${split}-00000-of-00001.parquet`)),
    );
    expect(pixelsOf(await loadImages(several, { ...SIZE, split: 'test' }))).toEqual(expected.testPixels);
    expect(pixelsOf(await loadImages(fromFileList(several), { ...SIZE, split: 'test' }))).toEqual(
      expected.testPixels,
    );
  });

  it('reports each image and stops when it is aborted', async () => {
    const files: string[] = [];
    const progress: number[] = [];
    let layout: FolderLayout | undefined;
    await loadImages(fileOf('snappy.parquet'), {
      split: 'test',
      onFile: ({ name, bytes }) => files.push(`${name} ${bytes > 60}`),
      onProgress: (done, total) => progress.push(done, total),
      onLayout: (found) => (layout = found),
    });
    expect(progress).toEqual([1, 4, 2, 4, 3, 4, 4, 4]);
    expect(files).toHaveLength(4);
    expect(files[0]).toMatch(/^snappy\.parquet, row \d+ true$/);
    expect(layout).toMatchObject({ labelsFrom: 'the column label', hasTest: false, hasValidation: false });
    const signal = AbortSignal.abort(new RangeError('stopped'));
    await expect(loadImages(fileOf('pets.npz'), { signal })).rejects.toThrow('stopped');
  });
});

type FolderLayoutSplit = NonNullable<LoadImagesOptions['split']>;

describe('readImagesLayout', () => {
  it('counts the images of each split and says what is not read', async () => {
    const layout = await readImagesLayout(fileOf('unlabeled.parquet'));
    const counts = Object.values(layout.splits).map((files) => files.length);
    expect(counts).toEqual([12, 0, 3]);
    expect(layout.passedOver).toEqual([
      { reason: 'train images without a class', count: 3, example: 'unlabeled.parquet, row 6' },
    ]);
    const npz = await readImagesLayout(fileOf('pets.npz'));
    expect(npz).toMatchObject({
      labelsFrom: 'the array y_train',
      hasTest: true,
      hasValidation: false,
      warnings: [],
    });
    const zip = await readImagesLayout(fileOf('pets.zip'));
    expect(zip.splits.train.map(({ name }) => name)).toEqual(
      expected.files.filter((name) => name.startsWith('train')).map((name) => `pets/${name}`),
    );
  });
});
