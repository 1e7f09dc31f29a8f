import { describe, expect, it } from 'vitest';
import { fromDrop } from '../../src/files.js';

/** What `drop` gives in browsers: the entries of a file system, of which a folder says some of its entries at each call. */
const fileEntry = (name: string, content = name) => ({
  isFile: true,
  isDirectory: false,
  name,
  fullPath: `/${name}`,
  file: (resolve: (file: File) => void) => resolve(new File([content], name)),
});

const folderEntry = (name: string, entries: readonly object[]) => ({
  isFile: false,
  isDirectory: true,
  name,
  fullPath: `/${name}`,
  createReader() {
    const parts = [...entries.map((entry) => [entry]), []];
    return { readEntries: (resolve: (some: object[]) => void) => resolve(parts.shift()!) };
  },
});

const dropOf = (entries: readonly { name: string; isFile: boolean }[]): DataTransfer =>
  ({
    items: entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry })),
    files: entries.map(({ name }) => new File([name], name)),
  }) as unknown as DataTransfer;

const pets = folderEntry('pets', [
  fileEntry('labels.csv'),
  folderEntry('cat', [fileEntry('1.png', 'one'), fileEntry('2.png')]),
]);

describe('fromDrop', () => {
  it('lists a dropped folder by the paths in it', async () => {
    const source = await fromDrop(dropOf([pets]));
    if (source instanceof File) throw new RangeError('Expected a folder');
    expect(source.location).toBe('pets');
    expect(await source.list()).toEqual(['cat/1.png', 'cat/2.png', 'labels.csv']);
    expect(new TextDecoder().decode(await source.read('cat/1.png'))).toBe('one');
  });

  it('keeps the names of several dropped folders', async () => {
    const source = await fromDrop(dropOf([pets, folderEntry('dogs', [fileEntry('3.png')])]));
    if (source instanceof File) throw new RangeError('Expected folders');
    expect(await source.list()).toEqual([
      'dogs/3.png',
      'pets/cat/1.png',
      'pets/cat/2.png',
      'pets/labels.csv',
    ]);
  });

  it('is one dropped file itself, and several by their names', async () => {
    expect(await fromDrop(dropOf([fileEntry('pets.zip')]))).toMatchObject({ name: 'pets.zip', size: 8 });
    const source = await fromDrop(dropOf([fileEntry('b.png'), fileEntry('a.png')]));
    if (source instanceof File) throw new RangeError('Expected several files');
    expect(await source.list()).toEqual(['a.png', 'b.png']);
  });

  it('refuses a drop without files, and a folder that cannot be read', async () => {
    await expect(fromDrop(dropOf([]))).rejects.toThrow('Expected a dropped file or folder, got none');
    const locked = {
      ...folderEntry('locked', []),
      createReader: () => ({
        readEntries: (_: unknown, reject: (error: Error) => void) => reject(new Error('denied')),
      }),
    };
    await expect(fromDrop(dropOf([locked]))).rejects.toMatchObject({
      name: 'InputError',
      message: '/locked: expected a file or a folder that can be read: denied',
    });
  });
});
