import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@convlens/storage';
import { afterAll, describe, expect, it } from 'vitest';
import { pickedFiles, readExactly } from '../src/files.js';
import { folderFiles } from '../src/node.js';

const file = (path: string, bytes: number[], { inFolder = false } = {}) => {
  const picked = new File([Uint8Array.from(bytes)], path.split('/').at(-1)!);
  if (inFolder) Object.defineProperty(picked, 'webkitRelativePath', { value: path });
  return picked;
};

describe('pickedFiles', () => {
  it('reads single files by name', async () => {
    const reader = pickedFiles([file('b.bin', [1, 2]), file('a.bin', [3])]);
    expect(await reader.list()).toEqual(['a.bin', 'b.bin']);
    expect(await reader.list('b')).toEqual(['b.bin']);
    expect(await reader.read('b.bin')).toEqual(Uint8Array.of(1, 2));
    expect(await reader.read('c.bin')).toBeUndefined();
    expect(reader.location).toBe('picked files');
    expect(await pickedFiles([]).list()).toEqual([]);
  });

  it('reads the files of a folder by their path within it', async () => {
    const reader = pickedFiles([
      file('data/batches/1.bin', [1], { inFolder: true }),
      file('data/readme', [2], { inFolder: true }),
    ]);
    expect(await reader.list()).toEqual(['batches/1.bin', 'readme']);
    expect(await reader.read('batches/1.bin')).toEqual(Uint8Array.of(1));
    expect(reader.location).toBe('data');
  });
});

describe('folderFiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-files-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'there/a'), { recursive: true });
  writeFileSync(join(folder, 'there/a/1.bin'), Uint8Array.of(7));

  it('follows links to files and folders, and goes round in no ring of them', async () => {
    mkdirSync(join(folder, 'here'));
    symlinkSync('../there/a', join(folder, 'here/linked'));
    symlinkSync('../there/a/1.bin', join(folder, 'here/2.bin'));
    symlinkSync('..', join(folder, 'there/a/ring'));
    symlinkSync('nowhere', join(folder, 'here/broken'));
    symlinkSync('itself', join(folder, 'here/itself'));
    const source = folderFiles(join(folder, 'here'));
    expect(await source.list()).toEqual(['2.bin', 'linked/1.bin']);
    expect(await source.list('link')).toEqual(['linked/1.bin']);
    expect([await source.has!('linked/1.bin'), await source.has!('linked'), await source.has!('broken')]).toEqual([true, false, false]); // prettier-ignore
    expect(await source.read('2.bin')).toEqual(Uint8Array.of(7));
    expect(await folderFiles(join(folder, 'nothing')).list()).toEqual([]);
  });

  it('lets no name lead out of it', async () => {
    const source = folderFiles(join(folder, 'here'));
    for (const look of [source.has!, source.stream!, source.read])
      await expect(look('../there/a/1.bin')).rejects.toThrow('Expected a name inside');
  });
});

describe('readExactly', () => {
  const store = memoryStore();
  const write = (bytes: Uint8Array) => store.write('a.bin', bytes);

  it('gives the bytes of a file of that length', async () => {
    await write(Uint8Array.of(1, 2, 3));
    expect(await readExactly(store, 'a.bin', { bytes: 3 })).toEqual({ bytes: Uint8Array.of(1, 2, 3) });
  });

  it('says where a file is that is missing or of another length', async () => {
    await write(new Uint8Array(12));
    await expect(readExactly(store, 'a.bin', { bytes: 30_730_000 })).rejects.toThrow(
      'memory/a.bin: expected 30,730,000 bytes, got 12',
    );
    await expect(readExactly(store, 'b.bin', { bytes: 1234 })).rejects.toThrow(
      'memory/b.bin: expected 1,234 bytes, got no such file',
    );
  });

  it('reports the MD5 and whether it matches, but does not throw', async () => {
    await write(new TextEncoder().encode('message digest'));
    // From the test suite of RFC 1321.
    const md5 = 'f96b697d7cb7938d525a2f31aaf161d0';
    expect(await readExactly(store, 'a.bin', { bytes: 14, md5: md5.toUpperCase() })).toMatchObject({
      md5,
      matches: true,
    });
    expect(await readExactly(store, 'a.bin', { bytes: 14, md5: '0'.repeat(32) })).toMatchObject({
      md5,
      matches: false,
    });
  });

  it('computes the MD5 that Node computes, whatever the length', async () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      await write(bytes);
      const expected = createHash('md5').update(bytes).digest('hex');
      const read = await readExactly(store, 'a.bin', { bytes: length, md5: expected });
      expect(read.md5).toBe(expected);
    }
  });
});
