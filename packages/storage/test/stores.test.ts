import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore, substore } from '../src/index.js';
import { folderStore } from '../src/node.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-storage-'))));
afterAll(() => rm(folder, { recursive: true }));

describe.each(['memory', 'folder', 'substore'])('a BlobStore (%s)', (kind) => {
  const open = () => {
    if (kind === 'folder') return folderStore(join(folder, 'store'));
    return kind === 'memory' ? memoryStore() : substore(memoryStore(), 'runs');
  };

  it('returns the bytes that were written, lists by prefix in order, and removes a name or a folder', async () => {
    const store = open();
    expect(await store.list()).toEqual([]);
    await store.write('b/2', Uint8Array.of(2));
    await store.write('b/1', Uint8Array.of(1));
    await store.write('a', Uint8Array.of(0));
    expect(await store.list()).toEqual(['a', 'b/1', 'b/2']);
    expect(await store.list('b/')).toEqual(['b/1', 'b/2']);
    await store.write('b/1', Uint8Array.of(9, 9));
    const read = (await store.read('b/1'))!;
    expect([...read]).toEqual([9, 9]);
    expect(read.constructor).toBe(Uint8Array);
    expect(await store.read('nothing')).toBeUndefined();
    expect(await store.read('b')).toBeUndefined();
    await store.remove('b');
    await store.remove('nothing');
    expect(await store.list()).toEqual(['a']);
  });
});
