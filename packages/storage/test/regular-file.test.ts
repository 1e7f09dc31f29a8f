import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectRegularFile, folderStore, readRegularFile } from '../src/node.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-file-'))));
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const refused = (path: string, kind: string) =>
  new InputError(`Expected ${JSON.stringify(path)} to be a regular file, got ${kind}`);

describe('readRegularFile', () => {
  it('reads a file, an empty one, and one behind a link', async () => {
    await writeFile(at('a'), Uint8Array.of(1, 2, 3));
    await writeFile(at('empty'), '');
    await symlink(at('a'), at('link'));
    expect([...(await readRegularFile(at('a')))]).toEqual([1, 2, 3]);
    expect((await readRegularFile(at('empty'))).length).toBe(0);
    expect([...(await readRegularFile(at('link')))]).toEqual([1, 2, 3]);
    await expectRegularFile(at('link'));
  });

  it('refuses a folder', async () => {
    await mkdir(at('d'));
    await expect(readRegularFile(at('d'))).rejects.toThrow(refused(at('d'), 'a folder'));
    await expect(expectRegularFile(at('d'))).rejects.toThrow(refused(at('d'), 'a folder'));
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a pipe without waiting for its writer, also behind a link',
    async () => {
      execFileSync('mkfifo', [at('pipe')]);
      await symlink(at('pipe'), at('link'));
      for (const name of ['pipe', 'link']) {
        await expect(readRegularFile(at(name))).rejects.toThrow(refused(at(name), 'a pipe'));
        await expect(expectRegularFile(at(name))).rejects.toThrow(refused(at(name), 'a pipe'));
        await expect(folderStore(folder).read(name)).rejects.toThrow(refused(at(name), 'a pipe'));
      }
    },
  );

  it.skipIf(!existsSync('/dev/zero'))('refuses devices, which have no end', async () => {
    for (const device of ['/dev/zero', '/dev/urandom', '/dev/full', '/dev/null'].filter((path) =>
      existsSync(path),
    ))
      await expect(readRegularFile(device)).rejects.toThrow(refused(device, 'a device'));
  });

  it.skipIf(process.platform === 'win32')('refuses a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    await expect(readRegularFile(at('socket'))).rejects.toThrow(refused(at('socket'), 'a socket'));
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses a file over the limit before it reads it', async () => {
    await writeFile(at('a'), '1234');
    await truncate(at('a'), 2 ** 40);
    await expect(readRegularFile(at('a'))).rejects.toThrow(
      new InputError(
        `Expected ${JSON.stringify(at('a'))} to have at most 2147483647 bytes, got 1099511627776`,
      ),
    );
    await truncate(at('a'), 4);
    await expect(readRegularFile(at('a'), { maxBytes: 3 })).rejects.toThrow('to have at most 3 bytes, got 4');
    expect((await readRegularFile(at('a'), { maxBytes: 4 })).length).toBe(4);
    await expect(readRegularFile(at('a'), { maxBytes: -1 })).rejects.toThrow(
      'Expected maxBytes to be an integer',
    );
  });

  it('ends at the size that the file had, while another program appends to it', async () => {
    await writeFile(at('log'), 'x'.repeat(1 << 20));
    let isReading = true;
    const appending = (async () => {
      while (isReading) await appendFile(at('log'), 'y'.repeat(1 << 16));
    })();
    const bytes = await readRegularFile(at('log'));
    isReading = false;
    await appending;
    expect(bytes.length).toBeGreaterThanOrEqual(1 << 20);
  });

  it('throws the error of the file system if there is no file', async () => {
    await expect(readRegularFile(at('none'))).rejects.toHaveProperty('code', 'ENOENT');
  });
});
