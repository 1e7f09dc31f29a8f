import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { describe, expect, it } from 'vitest';
import { openCheckpoints, type Checkpoint } from '../src/index.js';

const checkpointOf = (epochs: number): Checkpoint => ({
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

async function threeCheckpoints(): Promise<BlobStore> {
  const store = memoryStore();
  for (const epochs of [1, 2, 3]) await openCheckpoints(store).save(checkpointOf(epochs));
  return store;
}

describe('openCheckpoints', () => {
  it('reads the newest, including infinite numbers and NaN', async () => {
    expect(await openCheckpoints(await threeCheckpoints()).latest()).toEqual(checkpointOf(3));
  });

  it('reads the same from a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convlens-checkpoints-'));
    await openCheckpoints(folderStore(folder)).save(checkpointOf(3));
    expect(await openCheckpoints(folderStore(folder)).latest()).toEqual(checkpointOf(3));
    await rm(folder, { recursive: true });
  });

  it('reads bytes at any memory offset, also of a Buffer', async () => {
    const store = await threeCheckpoints();
    const bytes = (await store.read('0003.checkpoint'))!;
    const inPool = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    const reader = { ...store, read: async () => inPool };
    expect(await openCheckpoints(reader).latest()).toEqual(checkpointOf(3));
  });

  it('returns undefined for an empty store', async () => {
    expect(await openCheckpoints(memoryStore()).latest()).toBeUndefined();
  });

  it('keeps the last two', async () => {
    expect(await (await threeCheckpoints()).list()).toEqual(['0002.checkpoint', '0003.checkpoint']);
  });

  it.each([1, 2, 3])('keeps the last %i of three', async (keep) => {
    const store = memoryStore();
    for (const epochs of [1, 2, 3]) await openCheckpoints(store, { keep }).save(checkpointOf(epochs));
    expect(await store.list()).toHaveLength(keep);
    expect(await openCheckpoints(store, { keep }).latest()).toEqual(checkpointOf(3));
  });

  it.each([1, 2])('removes what a killed save has left beyond %i', async (keep) => {
    const store = memoryStore();
    const killed = { ...store, remove: () => Promise.reject(new Error('killed')) };
    await openCheckpoints(store, { keep }).save(checkpointOf(1));
    for (const epochs of [2, 3])
      await openCheckpoints(killed, { keep })
        .save(checkpointOf(epochs))
        .catch(() => {});
    expect(await store.list()).toHaveLength(3);
    await openCheckpoints(store, { keep }).removeOldest();
    expect(await store.list()).toEqual(['0002.checkpoint', '0003.checkpoint'].slice(-keep));
    expect(await openCheckpoints(store, { keep }).latest()).toEqual(checkpointOf(3));
  });

  it('leaves other files in the store alone', async () => {
    const foreign = ['0009.checkpoint.tmp', '009.checkpoint', 'a-0009.checkpoint', 'notes.txt', 'zzz'];
    const store = memoryStore();
    for (const name of foreign) await store.write(name, Uint8Array.of(1));
    await openCheckpoints(store).expectEmpty();
    expect(await openCheckpoints(store).latest()).toBeUndefined();
    for (const epochs of [1, 2, 3]) await openCheckpoints(store).save(checkpointOf(epochs));
    expect(await openCheckpoints(store).latest()).toEqual(checkpointOf(3));
    expect([...(await store.list())].sort()).toEqual(
      [...foreign, '0002.checkpoint', '0003.checkpoint'].sort(),
    );
    await expect(openCheckpoints(store).expectEmpty()).rejects.toThrow(
      'Expected no checkpoints in a new run, found memory/0003.checkpoint:',
    );
  });

  it('orders them by number: 10000 comes after 9999', async () => {
    const store = memoryStore();
    for (const epochs of [9999, 10000]) await openCheckpoints(store).save(checkpointOf(epochs));
    expect((await openCheckpoints(store).latest())?.epochs).toBe(10000);
  });

  it('skips a corrupt one, with its name, for every changed byte and every truncation', async () => {
    const store = await threeCheckpoints();
    const intact = (await store.read('0003.checkpoint'))!;
    const changed = Array.from(intact, (byte, i) => intact.with(i, byte ^ 1));
    const truncated = Array.from(intact, (_, length) => intact.slice(0, length));
    for (const bytes of [...changed, ...truncated]) {
      await store.write('0003.checkpoint', bytes);
      const corrupt: string[] = [];
      expect((await openCheckpoints(store).latest((message) => corrupt.push(message)))?.epochs).toBe(2);
      expect(corrupt).toHaveLength(1);
      expect(corrupt[0]).toContain('memory/0003.checkpoint is corrupt');
    }
  });

  it('rejects if all are corrupt', async () => {
    const store = await threeCheckpoints();
    for (const name of await store.list()) await store.write(name, Uint8Array.of(1, 2, 3));
    await expect(openCheckpoints(store).latest()).rejects.toThrow(
      '0002.checkpoint is corrupt: not a checkpoint',
    );
  });
});
