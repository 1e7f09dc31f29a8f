import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore, substore } from '../src/index.js';
import { folderStore } from '../src/node.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-storage-'))));
afterAll(() => rm(folder, { recursive: true }));

describe.each(['memory', 'folder'])('a BlobStore in a %s', (kind) => {
  const open = () => (kind === 'memory' ? memoryStore() : folderStore(join(folder, 'store')));

  it('gives back what was written, lists by prefix in order, and removes a name or a folder', async () => {
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

describe('substore', () => {
  it('sees and changes only what lies in its folder', async () => {
    const store = memoryStore();
    const model = substore(store, 'model');
    await store.write('run.json', Uint8Array.of(0));
    await model.write('weights.bin', Uint8Array.of(1));
    expect(await store.list()).toEqual(['model/weights.bin', 'run.json']);
    expect(await model.list()).toEqual(['weights.bin']);
    expect([...(await model.read('weights.bin'))!]).toEqual([1]);
    expect(await model.read('run.json')).toBeUndefined();
    expect(model.location).toBe('memory/model');
  });
});

describe('folderStore', () => {
  it('refuses names outside its folder', async () => {
    const store = folderStore(join(folder, 'inside'));
    for (const name of ['../outside', '/etc/passwd', 'a/../../outside'])
      await expect(store.read(name)).rejects.toThrow('Expected a name inside');
  });

  it('leaves no temporary file behind when a write fails', async () => {
    const store = folderStore(folder);
    await writeFile(join(folder, 'file'), 'x');
    await expect(store.write('file/below', Uint8Array.of(1))).rejects.toThrow();
    await expect(store.write('.', Uint8Array.of(1))).rejects.toThrow();
    expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('partial'))).toEqual(
      [],
    );
  });
});
