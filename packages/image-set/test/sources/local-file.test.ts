import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { localFile } from '../../src/node.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-local-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('localFile', () => {
  it('reads any part of a file', async () => {
    const path = join(folder, 'a.bin');
    writeFileSync(
      path,
      Uint8Array.from({ length: 300 }, (_, i) => i),
    );
    const file = await localFile(path);
    expect([file.name, file.bytes]).toEqual([path, 300]);
    expect([...(await file.read(250, 260))]).toEqual([250, 251, 252, 253, 254, 255, 0, 1, 2, 3]);
    expect([(await file.read(7, 7)).length, (await file.read(290, 310)).length]).toEqual([0, 10]);
    rmSync(path);
    await expect(file.read(0, 1)).rejects.toThrow(`${path}: expected a file that can be read: ENOENT`);
  });

  it('refuses a folder, and a file that is not there', async () => {
    await expect(localFile(folder)).rejects.toThrow(
      `Expected "${folder}" to be a regular file, got a folder`,
    );
    await expect(localFile(join(folder, 'nothing.zip'))).rejects.toThrow(
      'nothing.zip: expected a file that can be read: ENOENT',
    );
  });
});
