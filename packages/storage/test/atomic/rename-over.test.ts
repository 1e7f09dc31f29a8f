import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renameOver } from '../../src/atomic/rename-over.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convlens-rename-'));
  await writeFile(at('new'), 'new');
  await writeFile(at('old'), 'old');
});
afterEach(() => rm(folder, { recursive: true }));

/** Fails as Windows does while somebody reads the target, the first times that it is called. */
function busyRename(code: string, times: number) {
  let calls = 0;
  return {
    calls: () => calls,
    rename: async (from: string, to: string) => {
      if (calls++ < times) throw Object.assign(new Error(`${code}: operation not permitted`), { code });
      await rename(from, to);
    },
  };
}

it('replaces a file', async () => {
  await renameOver(at('new'), at('old'));
  expect([await readdir(folder), await readFile(at('old'), 'utf8')]).toEqual([['old'], 'new']);
});

describe('on Windows', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('waits while the file is open: %s', async (code) => {
    const busy = busyRename(code, 3);
    await renameOver(at('new'), at('old'), { platform: 'win32', rename: busy.rename });
    expect([busy.calls(), await readFile(at('old'), 'utf8')]).toEqual([4, 'new']);
  });

  it('gives up after a while with the error of the system', async () => {
    const busy = busyRename('EBUSY', Infinity);
    const renamed = renameOver(at('new'), at('old'), { platform: 'win32', rename: busy.rename });
    await expect(renamed).rejects.toMatchObject({ code: 'EBUSY' });
    expect(busy.calls()).toBe(8);
  });

  it.each(['ENOSPC', 'ENOENT', 'EXDEV'])('does not wait for what does not pass: %s', async (code) => {
    const busy = busyRename(code, 1);
    const renamed = renameOver(at('new'), at('old'), { platform: 'win32', rename: busy.rename });
    await expect(renamed).rejects.toMatchObject({ code });
    expect(busy.calls()).toBe(1);
  });
});

it.each(['linux', 'darwin'] as const)('on %s a missing permission is refused at once', async (platform) => {
  const busy = busyRename('EPERM', 1);
  await expect(renameOver(at('new'), at('old'), { platform, rename: busy.rename })).rejects.toMatchObject({
    code: 'EPERM',
  });
  expect(busy.calls()).toBe(1);
});
