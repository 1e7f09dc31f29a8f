import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageBatch } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFolder, openImages, type ImageStream } from '../../src/folder.js';
import { batches, imageChecksum, pixelStatistics, split, subset } from '../../src/index.js';
import { decodeWorkers, folderFiles, type DecodeWorkers } from '../../src/node.js';
import { imageFile } from '../codecs/fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-stream-'));
const SIZE = { height: 9, width: 7 };
const COUNTS = { cat: 31, dog: 12, owl: 5 };

let workers: DecodeWorkers;

beforeAll(() => {
  for (const [k, [name, count]] of Object.entries(COUNTS).entries()) {
    mkdirSync(join(folder, name));
    for (let i = 0; i < count; i++) {
      const data = Uint8Array.from({ length: 12 * 10 * 3 }, (_, n) => (n * (k + 3) + i * 17 + n * n) % 256);
      writeFileSync(
        join(folder, name, `${100 + i}.png`),
        encode({ width: 12, height: 10, channels: 3, data }),
      );
    }
    writeFileSync(join(folder, name, 'photo.jpg'), imageFile('baseline.jpg'));
  }
  workers = decodeWorkers({ workers: 2 });
});

afterAll(async () => {
  await workers.close();
  rmSync(folder, { recursive: true });
});

const collect = async (source: AsyncIterable<ImageBatch>) => {
  const all: ImageBatch[] = [];
  for await (const batch of source) all.push(batch);
  return all;
};

describe('openImages', () => {
  it.each([
    { when: 'in threads', options: () => ({ decoders: workers }), ofFolder: {} },
    {
      when: 'on the thread that calls, in gray',
      options: () => ({ window: 1 }),
      ofFolder: { channels: 1 as const },
    },
    { when: 'of a split', options: () => ({ decoders: workers }), ofFolder: { split: 'train' as const } },
    { when: 'with a limit', options: () => ({ decoders: workers, window: 3 }), ofFolder: { limit: 20 } },
    {
      when: 'cropped',
      options: () => ({ decoders: workers, window: 1000 }),
      ofFolder: { fit: 'center-crop' as const },
    },
  ])('gives the batches of the set in memory, $when', async ({ options, ofFolder }) => {
    const reader = folderFiles(folder);
    const set = await loadFolder(reader, { ...ofFolder, ...SIZE });
    const stream = await openImages(reader, { ...options(), ...ofFolder, ...SIZE });
    expect(await stream.load()).toEqual(set);
    expect([stream.count, stream.labels]).toEqual([set.count, set.labels]);
    for (const batching of [{}, { batchSize: 5, seed: 3 }, { batchSize: 100, shuffle: false }])
      for (const epoch of [0, 2])
        expect(await collect(stream.batches(batching)(epoch))).toEqual([...batches(set, batching)(epoch)]);
  });

  describe('of a folder', () => {
    let stream: ImageStream;
    let set: Awaited<ReturnType<typeof loadFolder>>;
    beforeAll(async () => {
      stream = await openImages(folderFiles(folder), { ...SIZE, decoders: workers });
      set = await loadFolder(folderFiles(folder), SIZE);
    });

    it('shuffles all images, not those of a window', async () => {
      const order = (await collect(stream.batches({ batchSize: 1 })(0))).map(({ indices }) => indices[0]);
      expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
      expect(Math.max(...order.map((index, i) => Math.abs(index - i)))).toBeGreaterThan(30);
    });

    it('has the statistics and the checksum of the set in memory, to the last bit', async () => {
      expect(await stream.statistics()).toEqual(pixelStatistics(set));
      expect(await stream.checksum()).toBe(await imageChecksum(set));
    });

    it.each(['first', 'last', 'shuffled', 'stratified'] as const)(
      'is divided as a set is: %s',
      async (strategy) => {
        const options = { strategy, fraction: 0.3, seed: 5 };
        const [streamed, inMemory] = [stream.split(options), split(set, options)];
        expect(await streamed.remaining.load()).toEqual(inMemory.remaining);
        expect(await streamed.heldOut.load()).toEqual(inMemory.heldOut);
        const [batch] = await collect(streamed.heldOut.batches({ batchSize: 4 })(1));
        expect(batch).toEqual([...batches(inMemory.heldOut, { batchSize: 4 })(1)][0]);
      },
    );

    it('has subsets, also of subsets', async () => {
      const part = stream.subset([7, 3, 3, 40]);
      expect(await part.load()).toEqual(subset(set, [7, 3, 3, 40]));
      expect(await part.subset([3, 0]).load()).toEqual(subset(set, [40, 7]));
      expect(() => part.subset([4])).toThrow('Expected indices[0] to be an integer from 0 to 3, got 4');
    });
  });

  it('holds no more images than the window and a batch', async () => {
    let [open, most] = [0, 0];
    const decoders = {
      decode: async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return new Uint8Array(SIZE.height * SIZE.width * 3);
      },
    };
    const stream = await openImages(folderFiles(folder), { ...SIZE, decoders, window: 6 });
    for await (const { count } of stream.batches({ batchSize: 4 })(0)) open -= count;
    expect([open, most <= 6 + 4, most >= 6]).toEqual([0, true, true]);
  });

  it('reads nothing any more once nobody waits for it', async () => {
    let reads = 0;
    const files = folderFiles(folder);
    const reader = { ...files, read: (name: string) => (reads++, files.read(name)) };
    const stream = await openImages(reader, { ...SIZE, window: 4, decoders: workers });
    reads = 0;
    const pass = stream.batches({ batchSize: 2 })(0)[Symbol.asyncIterator]();
    await pass.next();
    await pass.return!();
    const after = reads;
    expect(after).toBeLessThanOrEqual(6);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reads).toBe(after);
  });

  it('stops at an abort with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = { ...SIZE, decoders: workers, signal: controller.signal };
    const stream = await openImages(folderFiles(folder), options);
    const steps: number[] = [];
    await expect(async () => {
      for await (const { step } of stream.batches({ batchSize: 2 })(0)) {
        steps.push(step);
        controller.abort(reason);
      }
    }).rejects.toBe(reason);
    expect(steps.length).toBeLessThan(24);
    await expect(openImages(folderFiles(folder), options)).rejects.toBe(reason);
  });

  it.each([
    ['in threads', () => workers],
    ['on the thread that calls', () => undefined],
  ])('names a damaged file and one that was removed, %s', async (_, decoders) => {
    const store = memoryStore();
    const png = (value: number) =>
      encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12).fill(value) });
    for (const name of ['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png']) await store.write(name, png(1));
    await store.write('b/0.png', png(1).slice(0, 60));
    const stream = await openImages(store, { ...SIZE, decoders: decoders() });
    const read = () => collect(stream.batches({ batchSize: 1, shuffle: false })(0));
    await expect(read()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(`${store.location}/b/0.png: expected `),
    });
    await store.remove('a/1.png');
    await expect(read()).rejects.toThrow(`${store.location}/a/1.png: expected an image, found no such file`);
    await store.write('a/1.png', png(1));
    await store.write('b/0.png', png(1));
    expect(await read()).toHaveLength(4);
  });

  it.each([
    [{ window: 0 }, 'Expected window to be an integer >= 1, got 0'],
    [{ decoders: {} }, 'Expected decoders to be decoders'],
    [{ channels: 2 }, 'Expected channels to be'],
    [{ height: 0 }, 'Expected height to be an integer >= 1, got 0'],
    [{ fit: 'tile' }, 'Expected fit to be one of'],
    [{ limit: 0 }, 'Expected limit to be an integer >= 1, got 0'],
    [{ windows: 3 }, 'of openImages, got "windows"; did you mean window?'],
  ])('refuses %j before it reads', async (options, message) => {
    const reader = { ...folderFiles(folder), list: () => Promise.reject(new Error('listed')) };
    await expect(openImages(reader, options as object)).rejects.toThrow(message);
  });
});
