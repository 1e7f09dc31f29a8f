import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderStore, writeFileAtomically } from '../src/node.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'convlens-storage-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('folderStore', () => {
  it('refuses names outside its folder', async () => {
    const store = folderStore(join(folder, 'inside'));
    for (const name of ['../outside', '/etc/passwd', 'a/../../outside'])
      await expect(store.read(name)).rejects.toThrow('Expected a name inside');
  });

  it('refuses names that lead outside over a link', async () => {
    const [outside, inside] = [join(folder, 'outside'), join(folder, 'inside')];
    await mkdir(outside);
    await mkdir(join(inside, 'sub'), { recursive: true });
    await writeFile(join(outside, 'secret'), 'secret');
    await writeFile(join(inside, 'file'), 'file');
    await symlink(join(outside, 'secret'), join(inside, 'notes.md'));
    await symlink(outside, join(inside, 'model'));
    await symlink('../../outside/secret', join(inside, 'sub', 'up'));
    await symlink(join(outside, 'new'), join(inside, 'dangling'));
    await symlink(join(inside, 'file'), join(inside, 'sub', 'file'));
    await symlink(inside, join(folder, 'root'));
    const store = folderStore(inside);
    for (const name of ['notes.md', 'model/secret', 'sub/up', 'model/none']) {
      const link = new RegExp(`^Expected a file inside .*inside, got "${name}", a link to ".*outside`);
      await expect(store.read(name)).rejects.toThrow(link);
      await expect(store.write(name, Uint8Array.of(1))).rejects.toThrow(link);
      await expect(store.remove(name)).rejects.toThrow(link);
    }
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await readdir(outside)).toEqual(['secret']);
    // The folder may be a link itself, and links may lead to other files in it.
    expect(new TextDecoder().decode(await store.read('sub/file'))).toBe('file');
    const linked = folderStore(join(folder, 'root'));
    expect(new TextDecoder().decode(await linked.read('file'))).toBe('file');
    await linked.write('sub/new', Uint8Array.of(1));
    expect(await store.list()).toEqual(['file', 'sub/new']);
  });

  it('leaves no temporary file behind when a write fails', async () => {
    const store = folderStore(folder);
    await writeFile(join(folder, 'file'), 'x');
    await expect(store.write('file/below', Uint8Array.of(1))).rejects.toThrow(InputError);
    await expect(store.write('.', Uint8Array.of(1))).rejects.toThrow();
    expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('partial'))).toEqual(
      [],
    );
  });

  it('does not list the temporary files of unfinished writes', async () => {
    await writeFile(join(folder, 'a.bin.partial-01234567-89ab-cdef-0123-456789abcdef'), 'x');
    await writeFile(join(folder, 'a.partial'), 'x');
    expect(await folderStore(folder).list()).toEqual(['a.partial']);
  });
});

describe('writeFileAtomically', () => {
  it('writes a new file, and replaces one', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomically(path, (file) => file.writeFile('first'));
    await writeFileAtomically(path, (file) => file.writeFile('new'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('keeps the old file until the new one is complete', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await writeFileAtomically(path, async (file) => {
      await file.writeFile('ne');
      expect(await readFile(path, 'utf8')).toBe('old');
      await file.writeFile('w');
    });
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('keeps the old file if the write fails, and removes the temporary one', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    const failing = writeFileAtomically(path, async (file) => {
      await file.writeFile('half');
      throw new Error('interrupted');
    });
    await expect(failing).rejects.toThrow('interrupted');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('refuses a function that returns the contents, and keeps the old file', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    const writing = writeFileAtomically(path, async () => new Uint8Array(3) as never);
    await expect(writing).rejects.toThrow(
      new InputError(
        'Expected write to write with file.writeFile(contents), got a function that returns the contents',
      ),
    );
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });
});
