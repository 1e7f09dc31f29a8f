import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { describe, expect, it } from 'vitest';
import { openCheckpoints, type Checkpoint } from '../src/index.js';

const checkpoint = (epochs: number): Checkpoint => ({
  epochs,
  stopped: false,
  history: [],
  weights: [{ name: 'Gewicht/ä', shape: [2, 2], values: Float32Array.of(1, -0.1, Infinity, epochs) }],
  optimizer: {
    className: 'Adam',
    numbers: { learningRate: 1e-3 },
    scalars: { accBeta1: { shape: [], values: Float32Array.of(0.9) } },
    slots: { m: [{ weight: 'w', value: { shape: [3], values: Float32Array.of(7, 8, 9) } }] },
  },
  callbacks: { stop: { best: Infinity, wait: 0, last: NaN, weights: Float32Array.of(0.5), none: null } },
});

async function three(): Promise<BlobStore> {
  const store = memoryStore();
  for (const epochs of [1, 2, 3]) await openCheckpoints(store).save(checkpoint(epochs));
  return store;
}

describe('openCheckpoints', () => {
  it('gives back the newest, every bit of it, infinite numbers too', async () => {
    expect(await openCheckpoints(await three()).latest()).toEqual(checkpoint(3));
  });

  it('gives back the same from a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convlens-checkpoints-'));
    await openCheckpoints(folderStore(folder)).save(checkpoint(3));
    expect(await openCheckpoints(folderStore(folder)).latest()).toEqual(checkpoint(3));
    await rm(folder, { recursive: true });
  });

  it('reads bytes wherever they lie in memory, those of a Buffer too', async () => {
    const store = await three();
    const bytes = (await store.read('0003.checkpoint'))!;
    const inPool = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    const reader = { ...store, read: async () => inPool };
    expect(await openCheckpoints(reader).latest()).toEqual(checkpoint(3));
  });

  it('finds none in an empty store', async () => {
    expect(await openCheckpoints(memoryStore()).latest()).toBeUndefined();
  });

  it('keeps the last two', async () => {
    expect(await (await three()).list()).toEqual(['0002.checkpoint', '0003.checkpoint']);
  });

  it('refuses a damaged one by name and takes the one before: whichever byte changed, wherever it ends', async () => {
    const store = await three();
    const good = (await store.read('0003.checkpoint'))!;
    const damaged = Array.from(good, (byte, i) => good.with(i, byte ^ 1));
    const truncated = Array.from(good, (_, length) => good.slice(0, length));
    for (const bytes of [...damaged, ...truncated]) {
      await store.write('0003.checkpoint', bytes);
      const refused: string[] = [];
      expect((await openCheckpoints(store).latest((message) => refused.push(message)))?.epochs).toBe(2);
      expect(refused).toHaveLength(1);
      expect(refused[0]).toContain('memory/0003.checkpoint is refused');
    }
  });

  it('throws when there are some and none is whole', async () => {
    const store = await three();
    for (const name of await store.list()) await store.write(name, Uint8Array.of(1, 2, 3));
    await expect(openCheckpoints(store).latest()).rejects.toThrow(
      '0002.checkpoint is refused: not a checkpoint',
    );
  });
});
