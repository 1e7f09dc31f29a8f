import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { describeLayout, readFolderLayout, type FolderLayout } from '../../src/folder.js';

/** A store of files by name; the text of those that are not images. */
async function folderOf(names: readonly string[], texts: Readonly<Record<string, string | undefined>> = {}) {
  const store = memoryStore();
  for (const name of names) await store.write(name, Uint8Array.of(1));
  for (const [name, text] of Object.entries(texts)) await store.write(name, new TextEncoder().encode(text));
  return store;
}

/** Images of each class in a folder: CLASS/0.png, ... */
const classFolders = (folder: string, counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, i) => `${folder}${name}/${i}.png`),
  );

const numbered = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${folder}${i + 1}.png`);

/** The images of each class in each split. */
const countsOf = ({ classNames, splits }: FolderLayout) =>
  Object.fromEntries(
    Object.entries(splits).map(([split, files]) => [
      split,
      classNames.map((_, label) => files.filter((file) => file.label === label).length),
    ]),
  );

const PETS = { cat: 10, dog: 10, frog: 10 };
/** A fifth of ten images of each class is held out for the test. */
const HELD_OUT = { train: [8, 8, 8], validation: [0, 0, 0], test: [2, 2, 2] };

const KAGGLE_LABELS = `id,label\n${numbered('', 30)
  .map((name, i) => `${name.replace('.png', '')},${['cat', 'dog', 'frog'][i % 3]}\n`)
  .join('')}`;

describe('readFolderLayout', () => {
  it.each([
    { layout: 'a folder a class', names: classFolders('', PETS), counts: HELD_OUT },
    {
      layout: 'train, val, test',
      names: ['train', 'val', 'test'].flatMap((split) =>
        classFolders(`${split}/`, { cat: 3, dog: 2, frog: 1 }),
      ),
      counts: { train: [3, 2, 1], validation: [3, 2, 1], test: [3, 2, 1] },
    },
    {
      layout: 'train and valid, without test images',
      names: [...classFolders('train/', PETS), ...classFolders('valid/', { cat: 1, dog: 2, frog: 3 })],
      counts: { train: [8, 8, 8], validation: [1, 2, 3], test: [2, 2, 2] },
    },
    {
      layout: 'training_set and test_set',
      names: [
        ...classFolders('training_set/', PETS),
        ...classFolders('test_set/', { cat: 1, dog: 2, frog: 3 }),
      ],
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 2, 3] },
    },
    {
      layout: 'seg_train/seg_train, and seg_pred without classes',
      names: [
        ...classFolders('seg_train/seg_train/', PETS),
        ...classFolders('seg_test/seg_test/', { cat: 1, dog: 1, frog: 1 }),
        ...numbered('seg_pred/seg_pred/', 3),
      ],
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 1, 1] },
      passedOver: [['images outside of the splits', 3]],
    },
    {
      layout: 'splits in two folders around them',
      names: [
        ...classFolders('archive/DS/TRAIN/', PETS),
        ...classFolders('archive/DS/Testing/', { cat: 1, dog: 1, frog: 1 }),
        ...classFolders('archive/DS/dev/', { cat: 2, dog: 2, frog: 2 }),
      ],
      counts: { train: [10, 10, 10], validation: [2, 2, 2], test: [1, 1, 1] },
    },
    { layout: 'only train', names: classFolders('train/', PETS), counts: HELD_OUT },
    {
      layout: 'files of macOS and Windows',
      names: [
        ...classFolders('dataset/', PETS),
        ...classFolders('__MACOSX/dataset/', { cat: 2 }),
        ...['dataset/.DS_Store', 'dataset/cat/._0.png', 'dataset/cat/Thumbs.db'],
      ],
      counts: HELD_OUT,
      passedOver: [['hidden files and files of the system', 5]],
    },
    {
      layout: 'file names that begin with the class',
      names: ['cat', 'dog', 'frog'].flatMap((name) =>
        Array.from({ length: 10 }, (_, i) => `train/${name}.${i}.png`),
      ),
      counts: HELD_OUT,
      labelsFrom: 'file names',
    },
    {
      layout: 'file names with other separators',
      names: ['cat_%.png', 'dog (%).jpg', 'frog-%.JPEG'].flatMap((name) =>
        Array.from({ length: 10 }, (_, i) => name.replace('%', String(i))),
      ),
      counts: HELD_OUT,
      labelsFrom: 'file names',
    },
    {
      layout:
        'a CSV file with the classes of training images, and test images of the same names without classes',
      names: [...numbered('train/', 30), ...numbered('test/', 5)],
      texts: { 'trainLabels.csv': KAGGLE_LABELS },
      counts: HELD_OUT,
      labelsFrom: 'trainLabels.csv',
      passedOver: [['test images without a class', 5]],
    },
    {
      layout: 'pictures of other formats, and other files',
      names: [...classFolders('', PETS), 'cat/w.webp', 'dog/w.bmp', 'README.md'],
      texts: { 'labels.csv': 'a,b\n' },
      counts: HELD_OUT,
      passedOver: [
        ['no images', 2],
        ['WEBP pictures, a format that is not read', 1],
        ['BMP pictures, a format that is not read', 1],
      ],
    },
  ])('$layout', async ({ names, texts, counts, passedOver = [], labelsFrom = 'folders' }) => {
    const layout = await readFolderLayout(await folderOf(names, texts));
    expect(layout.classNames).toEqual(['cat', 'dog', 'frog']);
    expect(layout.labelsFrom).toBe(labelsFrom);
    expect(countsOf(layout)).toEqual(counts);
    expect(layout.passedOver.map(({ reason, count }) => [reason, count]).sort()).toEqual(
      [...passedOver].sort(),
    );
  });

  it('keeps class names of any script', async () => {
    const { classNames } = await readFolderLayout(
      await folderOf(classFolders('', { 猫: 2, 'chien été': 2, 'a b': 2 })),
    );
    expect(classNames).toEqual(['a b', 'chien été', '猫']);
  });

  it('takes a class that is named like a split as a class', async () => {
    const { classNames } = await readFolderLayout(
      await folderOf(classFolders('', { train: 3, bus: 3, car: 3 })),
    );
    expect(classNames).toEqual(['bus', 'car', 'train']);
  });

  it('does not take equal words in file names as classes', async () => {
    const files = ['cat/IMG_1.png', 'cat/IMG_2.png', 'dog/DSC_1.png', 'dog/DSC_2.png'];
    expect((await readFolderLayout(await folderOf(files))).classNames).toEqual(['cat', 'dog']);
  });

  it('reads the CSV file and the columns that are named', async () => {
    const text =
      '\uFEFFpicture;,species,"image, file"\nx,cat,a/1.png\nx,"dog, big",a/2.png\n\nx,cat,a/3.png\n';
    const store = await folderOf(numbered('a/', 4), { 'meta/names.csv': text });
    const columns = { id: 'image, file', label: 'species' };
    const layout = await readFolderLayout(store, { labels: 'meta/names.csv', labelColumns: columns });
    expect([layout.classNames, layout.labelsFrom]).toEqual([['cat', 'dog, big'], 'meta/names.csv']);
    expect(layout.passedOver).toContainEqual({
      reason: 'images without a class',
      count: 1,
      example: 'a/4.png',
    });
  });

  it.each([
    { names: [], message: 'Expected PNG or JPEG files in memory, in one folder per class, found no file' },
    {
      names: ['a/x.webp', 'a/y.webp', 'notes.txt'],
      message:
        'found 2 files (WEBP pictures, a format that is not read: a/x.webp), 1 file (no images: notes.txt)',
    },
    {
      names: [...classFolders('test/', PETS), ...classFolders('validation/', PETS)],
      message:
        'Expected a folder of training images (train/) in memory, or one folder per class, found test/, validation/',
    },
    {
      names: [...classFolders('train/', PETS), ...classFolders('Training/', PETS)],
      message: 'Expected one folder of train images in memory, found Training/ and train/',
    },
    { names: numbered('', 5), message: 'found 5 images such as 1.png' },
    {
      names: numbered('', 5),
      texts: { 'labels.csv': 'id,label\n77,cat\n' },
      message: 'and labels.csv, which names none of them',
    },
    {
      names: numbered('', 5),
      texts: { 'labels.csv': 'id,label\n1,cat\n1,dog\n' },
      message: 'memory/labels.csv: expected one class of 1, got cat and dog (line 3)',
    },
    {
      names: numbered('', 5),
      texts: { 'labels.csv': 'id,label\n1,cat\n2\n' },
      message: 'memory/labels.csv: expected an image and its class in line 3, got "2"',
    },
  ])('refuses $message', async ({ names, texts, message }) => {
    await expect(readFolderLayout(await folderOf(names, texts))).rejects.toThrow(message);
  });

  it.each([
    [{ labels: 'none.csv' }, 'Expected a file with labels, found no none.csv in memory'],
    [
      { labels: 'labels.csv', labelColumns: { id: 'id', label: 'kind' } },
      'memory/labels.csv: expected a column kind, got id, label',
    ],
  ])('refuses the labels of %o', async (options, message) => {
    const store = await folderOf(numbered('', 2), { 'labels.csv': 'id,label\n1,cat\n' });
    await expect(readFolderLayout(store, options)).rejects.toThrow(message);
  });

  it('notices one class, and a class that a split lacks', async () => {
    const one = await readFolderLayout(await folderOf(classFolders('', { cat: 5 })));
    expect(one.notices).toEqual(['all images are of one class: cat']);
    const names = [
      ...classFolders('train/', { cat: 2, dog: 2 }),
      ...classFolders('val/', { cat: 2, owl: 2 }),
    ];
    expect((await readFolderLayout(await folderOf(names))).notices).toEqual([
      'train/ has no images of owl',
      'val/ has no images of dog',
    ]);
  });
});

describe('describeLayout', () => {
  it('says classes, counts per split, files passed over and notices', async () => {
    const names = [
      ...classFolders('train/', { cat: 5, dog: 10 }),
      ...classFolders('val/', { cat: 2 }),
      'train/cat/a.gif',
    ];
    expect(describeLayout(await readFolderLayout(await folderOf(names)))).toEqual([
      '2 classes by their folders: cat, dog',
      'training: 12 images (4, 8)',
      'validation: 2 images (2, 0)',
      'test: 3 images (1, 2), a fixed fifth of each class, since there is no test folder',
      'not read: 1 file, GIF pictures, a format that is not read, such as train/cat/a.gif',
      'notice: val/ has no images of dog',
    ]);
  });

  it('lists the first twenty of many classes', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`c${String(i).padStart(2, '0')}`, 5]),
    );
    const [classes, training] = describeLayout(
      await readFolderLayout(await folderOf(classFolders('', many))),
    );
    expect(classes).toMatch(/^25 classes by their folders: c00, .*, c19 and 5 more$/);
    expect(training).toBe('training: 100 images');
  });
});
