import type * as fs from 'node:fs/promises';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type * as storage from '../../src/node.js';

let code: string;
let lockFolder: typeof storage.lockFolder;

// A file system without hard links, such as FAT, is not at hand on every machine.
beforeAll(async () => {
  vi.doMock('node:fs/promises', async (original) => ({
    ...(await original<typeof fs>()),
    link: () => Promise.reject(Object.assign(new Error('link'), { code })),
  }));
  vi.resetModules();
  ({ lockFolder } = await import('../../src/node.js'));
});
afterAll(() => {
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
});

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-no-links-'))));
afterEach(() => rm(folder, { recursive: true }));

it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
  'a folder has one writer at a time where links are refused with %s',
  async (errorCode) => {
    code = errorCode;
    const lock = await lockFolder(folder, { command: 'convlens train' });
    await expect(lockFolder(folder)).rejects.toThrow('convlens train writes it');
    await lock.expectHeld();
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder)).release();
  },
);

it('an empty lock, which a killed writer has left, is refused while it is new', async () => {
  code = 'EPERM';
  await writeFile(join(folder, '.convlens-lock'), '');
  await expect(lockFolder(folder)).rejects.toThrow('a program writes it');
});

it('other errors of the file system are thrown', async () => {
  code = 'ENOSPC';
  await expect(lockFolder(folder)).rejects.toThrow('the disk is full (ENOSPC)');
});
