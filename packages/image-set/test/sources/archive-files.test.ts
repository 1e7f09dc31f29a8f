import { memoryStore } from '@convlens/storage';
import { encode } from 'fast-png';
import { gzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { archiveFiles } from '../../src/files.js';
import { loadFolder, readFolderLayout, type LoadFolderOptions } from '../../src/folder.js';

type Files = Readonly<Record<string, Uint8Array>>;

const image = (i: number) =>
  encode({ width: 4, height: 3, channels: 3, data: Uint8Array.from({ length: 36 }, (_, k) => (7 * i + k * k) % 256) }); // prettier-ignore

const text = (value: string) => new TextEncoder().encode(value);

/** Images under names. */
const imagesOf = (names: readonly string[]): Files =>
  Object.fromEntries(names.map((name, i) => [name, image(i)]));

const classFolders = (folder: string, count: number, classes = ['cat', 'dog', '猫']): string[] =>
  classes.flatMap((name) => Array.from({ length: count }, (_, i) => `${folder}${name}/${i}.png`));

/** Folders as people archive them. */
const LAYOUTS: readonly {
  readonly layout: string;
  readonly files: Files;
  readonly options?: LoadFolderOptions;
}[] = [
  { layout: 'a folder a class', files: imagesOf(classFolders('', 6)) },
  { layout: 'splits in two outer folders', files: imagesOf(['train/', 'val/', 'Testing/'].flatMap((split) => classFolders(`a/b/${split}`, 4))) }, // prettier-ignore
  {
    layout: 'what macOS leaves',
    files: {
      ...imagesOf(classFolders('pets/', 6)),
      '__MACOSX/pets/cat/._0.png': text('x'),
      'pets/.DS_Store': text('Bud1'),
    },
  },
  { layout: 'names that begin with the class', files: imagesOf(Array.from({ length: 12 }, (_, i) => `train/${i % 2 ? 'cat' : 'dog'}.${i}.png`)) }, // prettier-ignore
  {
    layout: 'a CSV file with the labels',
    files: {
      ...imagesOf(Array.from({ length: 12 }, (_, i) => `train/${i}.png`)),
      'labels.csv': text(
        `id,label\n${Array.from({ length: 12 }, (_, i) => `${i},${'ab'[i % 2]}\n`).join('')}`,
      ),
    },
  },
  { layout: 'spaces and other scripts', files: imagesOf(classFolders('日本 語/', 5, ['chien été', 'a b'])) },
];

async function folderOf(files: Files) {
  const store = memoryStore();
  for (const [name, bytes] of Object.entries(files)) await store.write(name, bytes);
  return { ...store, location: 'flowers', read: store.read.bind(store), list: store.list.bind(store) };
}

const tarOf = (files: Files): Promise<Uint8Array> =>
  packTar(
    Object.entries(files).map(([name, body]) => ({
      header: { name, size: body.length, type: 'file' as const },
      body,
    })),
  );

const ARCHIVES: readonly { readonly name: string; readonly pack: (files: Files) => Promise<Uint8Array> }[] = [
  { name: 'data/flowers.zip', pack: async (files) => zipSync({ ...files }) },
  { name: 'flowers.tar', pack: tarOf },
  { name: 'flowers.tar.gz', pack: async (files) => gzipSync(await tarOf(files)) },
  { name: 'flowers.tgz', pack: async (files) => gzipSync(await tarOf(files)) },
];

describe('archiveFiles', () => {
  it.each(LAYOUTS)('gives the images of $layout as the folder does', async ({ files, options }) => {
    const folder = await folderOf(files);
    for (const { name, pack } of ARCHIVES) {
      const archive = archiveFiles(await pack(files), { name });
      expect(await archive.list()).toEqual(await folder.list());
      expect(await readFolderLayout(archive)).toEqual(await readFolderLayout(folder));
      for (const split of ['all', 'train', 'test'] as const)
        expect(await loadFolder(archive, { ...options, split })).toEqual(
          await loadFolder(folder, { ...options, split }),
        );
    }
  });

  it('takes the name of a File, and opens it once', async () => {
    const bytes = zipSync({ 'a/1.png': image(1) });
    let slices = 0;
    class CountedFile extends File {
      override slice(start?: number, end?: number): Blob {
        slices++;
        return super.slice(start, end);
      }
    }
    const archive = archiveFiles(new CountedFile([bytes as BlobPart], 'pets.zip'));
    expect([archive.location, slices]).toEqual(['pets.zip', 0]);
    await archive.list();
    const afterList = slices;
    expect(await archive.list('a/')).toEqual(['a/1.png']);
    expect([slices, archiveFiles(bytes).location]).toEqual([afterList, 'archive']);
  });

  it('names the image that is damaged', async () => {
    const files = imagesOf(classFolders('', 3, ['cat', 'dog']));
    const bytes = zipSync(files, { level: 0 });
    const at = Buffer.from(bytes).indexOf('dog/1.png') + 40;
    bytes[at] ^= 1;
    await expect(loadFolder(archiveFiles(bytes, { name: 'pets.zip' }))).rejects.toThrow(
      'Expected dog/1.png in pets.zip to have the CRC-32',
    );
  });

  it('refuses a file that is no archive, when it is opened', async () => {
    const archive = archiveFiles(image(1), { name: 'cat.png' });
    await expect(loadFolder(archive)).rejects.toThrow(
      'cat.png: expected a zip, tar or tar.gz archive, found a PNG image',
    );
  });
});
