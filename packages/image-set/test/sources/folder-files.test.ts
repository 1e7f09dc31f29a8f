import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderFiles } from '../../src/node.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'there/a'), { recursive: true });
writeFileSync(join(folder, 'there/a/1.bin'), Uint8Array.of(7));

describe('folderFiles', () => {
  it('follows links to files and folders, and skips cycles of links', async () => {
    mkdirSync(join(folder, 'here'));
    symlinkSync('../there/a', join(folder, 'here/linked'));
    symlinkSync('../there/a/1.bin', join(folder, 'here/2.bin'));
    symlinkSync('..', join(folder, 'there/a/ring'));
    symlinkSync('nowhere', join(folder, 'here/broken'));
    symlinkSync('itself', join(folder, 'here/itself'));
    const source = folderFiles(join(folder, 'here'));
    expect(await source.list()).toEqual(['2.bin', 'linked/1.bin']);
    expect(await source.list('link')).toEqual(['linked/1.bin']);
    expect(await source.has!('linked/1.bin')).toBe(true);
    expect(await source.has!('linked')).toBe(false);
    expect(await source.has!('broken')).toBe(false);
    expect(await source.read('2.bin')).toEqual(Uint8Array.of(7));
    expect(await (await source.open!('2.bin'))!.read(0, 1)).toEqual(Uint8Array.of(7));
    expect(await source.open!('linked')).toBeUndefined();
    expect(await folderFiles(join(folder, 'nothing')).list()).toEqual([]);
  });

  it('lists the folders that hold nothing apart', async () => {
    for (const name of ['bare/a', 'bare/b/c', 'bare/d']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'bare/d/1.bin'), '');
    const source = folderFiles(join(folder, 'bare'));
    expect(await source.list()).toEqual(['d/1.bin']);
    expect((await source.emptyFolders!()).sort()).toEqual(['a', 'b/c']);
  });

  it('lists files in the order of their paths, not folder by folder', async () => {
    mkdirSync(join(folder, 'many/a'), { recursive: true });
    for (const name of ['a/1.bin', 'a.bin', 'a-b.bin']) writeFileSync(join(folder, 'many', name), '');
    expect(await folderFiles(join(folder, 'many')).list()).toEqual(['a-b.bin', 'a.bin', 'a/1.bin']);
  });

  it.skipIf(process.platform === 'win32')(
    'does not wait for pipes, nor for devices behind a link',
    async () => {
      mkdirSync(join(folder, 'odd'));
      execFileSync('mkfifo', [join(folder, 'odd/pipe.png')]);
      symlinkSync('/dev/zero', join(folder, 'odd/zero.png'));
      const source = folderFiles(join(folder, 'odd'));
      expect(await source.list()).toEqual([]);
      for (const name of ['pipe.png', 'zero.png']) {
        expect(await source.has!(name)).toBe(false);
        expect(await source.read(name)).toBeUndefined();
        expect(await source.stream!(name)).toBeUndefined();
      }
    },
  );

  it('refuses names that lead out of the folder', async () => {
    const source = folderFiles(join(folder, 'here'));
    for (const method of [source.has!, source.stream!, source.read])
      await expect(method('../there/a/1.bin')).rejects.toThrow('Expected a name inside');
  });
});
