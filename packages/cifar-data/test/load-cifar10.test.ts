import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectImages } from '@convlens/core';
import { memoryStore, type BlobReader } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIFAR10_CLASSES, loadCifar10 } from '../src/index.js';
import { makeFile } from './fixture.js';

const first = makeFile(1);
const second = makeFile(2);
const test = makeFile(3);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convlens-cifar-'));
  await mkdir(join(folder, 'inner/cifar-10-batches-bin'), { recursive: true });
  await writeFile(join(folder, 'data_batch_1.bin'), first);
  await writeFile(join(folder, 'data_batch_2.bin'), second);
  await writeFile(join(folder, 'inner/cifar-10-batches-bin/test_batch.bin'), test);
});
afterAll(() => rm(folder, { recursive: true }));

/** A reader of files that records the names that are read. */
const readerOf = (files: Record<string, Uint8Array>) => {
  const reads: string[] = [];
  const reader: BlobReader = {
    location: 'data',
    list: async () => Object.keys(files),
    read: async (name) => (reads.push(name), files[name]),
  };
  return { reader, reads };
};

describe('loadCifar10', () => {
  it('converts planes of red, green and blue to pixels of three channels', async () => {
    const set = await loadCifar10(folderStore(folder), { split: 'train', limit: 20_000 });
    expect(() => expectImages('set', set)).not.toThrow();
    expect([set.count, set.height, set.width, set.channels]).toEqual([20_000, 32, 32, 3]);
    expect([set.name, set.classNames]).toEqual(['CIFAR-10 train', CIFAR10_CLASSES]);
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) {
      const file = i < 10_000 ? first : second;
      const record = (i % 10_000) * 3073;
      if (set.labels![i] !== file[record]) wrong++;
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < 1024; p++)
          if (set.pixels[(i * 1024 + p) * 3 + c] !== file[record + 1 + c * 1024 + p]) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('finds the files in cifar-10-batches-bin, where the official archive unpacks them', async () => {
    const set = await loadCifar10(folderStore(join(folder, 'inner')), { split: 'test' });
    expect([set.count, set.name]).toEqual([10_000, 'CIFAR-10 test']);
    expect(set.labels![9999]).toBe(test[9999 * 3073]);
  });

  it('reads no more files than the limit needs, and reports its progress', async () => {
    const { reader, reads } = readerOf({ 'data_batch_1.bin': first, 'data_batch_2.bin': second });
    const progress: unknown[] = [];
    const options = { limit: 10_001, onProgress: (...counts: number[]) => progress.push(counts) };
    const set = await loadCifar10(reader, options);
    expect(set.count).toBe(10_001);
    expect(set.labels![10_000]).toBe(second[0]);
    expect(progress).toEqual([
      [10_000, 10_001],
      [10_001, 10_001],
    ]);
    reads.length = 0;
    expect((await loadCifar10(reader, { limit: 3 })).pixels.length).toBe(3 * 3072);
    expect(reads).toEqual(['data_batch_1.bin']);
    expect(
      (await loadCifar10(readerOf({ 'test_batch.bin': test }).reader, { split: 'test', limit: 99_999 }))
        .count,
    ).toBe(10_000);
  });

  it('names missing files, the folders that were searched and how to get the files', async () => {
    const help =
      'found no such file: unpack the official cifar-10-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz) there, or put it there as it is';
    await expect(loadCifar10(memoryStore(), { split: 'test' })).rejects.toThrow(
      `Expected test_batch.bin of CIFAR-10 in memory/ or memory/cifar-10-batches-bin/, ${help}`,
    );
    await expect(loadCifar10(memoryStore())).rejects.toMatchObject({ name: 'InputError', code: 'missing' });
    await expect(loadCifar10(folderStore(folder), { limit: 30_000 })).rejects.toThrow(
      `Expected data_batch_3.bin of CIFAR-10 in ${folder}/, ${help}`,
    );
    const { reader } = readerOf({ 'cifar-10-batches-bin/data_batch_2.bin': second });
    await expect(loadCifar10(reader, { limit: 20_000 })).rejects.toThrow(
      `Expected data_batch_1.bin of CIFAR-10 in data/cifar-10-batches-bin/, ${help}`,
    );
  });

  it('refuses a file that is cut off', async () => {
    const { reader } = readerOf({ 'test_batch.bin': new Uint8Array(12) });
    await expect(loadCifar10(reader, { split: 'test' })).rejects.toThrow(
      'data/test_batch.bin: expected 30,730,000 bytes, got 12',
    );
  });

  it('refuses a label out of range, with its position', async () => {
    const damaged = test.slice();
    damaged[17 * 3073] = 10;
    const { reader } = readerOf({ 'test_batch.bin': damaged });
    await expect(loadCifar10(reader, { split: 'test' })).rejects.toThrow(
      'data/test_batch.bin: expected a label from 0 to 9 in record 17 at byte 52,241, found 10',
    );
  });

  it('reads an unpacked file with another checksum, and reports that it is not verified', async () => {
    const { reader } = readerOf({ 'data_batch_1.bin': first });
    const files: unknown[] = [];
    await loadCifar10(reader, { limit: 1, verify: true, onFile: (file) => files.push(file) });
    expect(files).toEqual([{ name: 'data_batch_1.bin', bytes: 30_730_000, verified: false }]);
  });

  it('stops when it is aborted', async () => {
    const { reader, reads } = readerOf({ 'data_batch_1.bin': first, 'data_batch_2.bin': second });
    const controller = new AbortController();
    const loading = loadCifar10(reader, {
      limit: 20_000,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(loading).rejects.toThrow('enough');
    expect(reads).toEqual(['data_batch_1.bin']);
    await expect(loadCifar10(reader, { limit: 1, signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });

  it('refuses an unknown split and a limit below 1', async () => {
    const { reader } = readerOf({});
    await expect(loadCifar10(reader, { split: 'validation' as never })).rejects.toThrow('one of train, test');
    await expect(loadCifar10(reader, { limit: 0 })).rejects.toThrow(
      'Expected limit to be an integer >= 1, got 0',
    );
  });
});
