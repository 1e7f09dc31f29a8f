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
      passedOver: [['test images without one of the classes', 5]],
    },
    {
      layout: 'file names in train, and test images without classes in test1',
      names: [
        ...['cat', 'dog', 'frog'].flatMap((name) =>
          Array.from({ length: 10 }, (_, i) => `train/${name}.${i}.jpg`),
        ),
        ...numbered('test1/', 5),
      ],
      counts: HELD_OUT,
      labelsFrom: 'file names',
      passedOver: [['test images without one of the classes', 5]],
    },
    {
      layout: 'two folders of one set, of which one is named as a split',
      names: [...classFolders('pets/', PETS), ...classFolders('pets-test-set/', { cat: 1, dog: 2, frog: 3 })],
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 2, 3] },
    },
    {
      layout: 'the classes once more in a folder beside them',
      names: [...classFolders('pets/', PETS), ...classFolders('pets/pets/', PETS)],
      counts: HELD_OUT,
      passedOver: [['images of the classes once more, in pets/', 30]],
    },
    {
      layout: 'a single image beside the folder around everything',
      names: [
        ...classFolders('DS/train/', PETS),
        ...classFolders('DS/test/', { cat: 1, dog: 1, frog: 1 }),
        'preview.png',
      ],
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 1, 1] },
      passedOver: [['images in no class folder', 1]],
    },
    {
      layout: 'a single image beside the folder in a folder of a split',
      names: [
        ...classFolders('train/train/', PETS),
        'train/preview.png',
        ...classFolders('test/', { cat: 1, dog: 1, frog: 1 }),
      ],
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 1, 1] },
      passedOver: [['images in no class folder', 1]],
    },
    {
      layout: 'test images in a folder that is no class',
      names: [
        ...classFolders('train/', PETS),
        ...classFolders('val/', { images: 4 }),
        ...classFolders('test/', { unknown: 4 }),
      ],
      counts: HELD_OUT,
      passedOver: [
        ['test images without one of the classes', 4],
        ['validation images without one of the classes', 4],
      ],
    },
    {
      layout: 'the labels of both splits, beside a submission and a broken file',
      names: [...numbered('train/', 30), ...numbered('test/', 3)],
      texts: {
        'sample_submission.csv': 'id,label\n1,none\n2,none\n3,none\n',
        'objects.csv': 'image,class\n1,car\n1,bus\n',
        'test_labels.csv': 'id,label\n1,frog\n2,cat\n3,frog\n',
        'train_labels.csv': KAGGLE_LABELS,
      },
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [1, 0, 2] },
      labelsFrom: 'train_labels.csv',
      passedOver: [['no images', 3]],
    },
    {
      layout: 'paths of training and test images in one CSV file',
      names: [...numbered('train/', 30), ...numbered('test/', 3)],
      texts: {
        'labels.csv': `${KAGGLE_LABELS.replaceAll(/^(\d)/gm, 'train/$1')}test/1.png,cat\ntest/2.png,cat\ntest/3.png,frog\n`,
      },
      counts: { train: [10, 10, 10], validation: [0, 0, 0], test: [2, 0, 1] },
      labelsFrom: 'labels.csv',
    },
    {
      layout: 'masks beside their images',
      names: [...classFolders('', PETS), 'cat/0_mask.png', 'dog/1_mask_1.png'],
      counts: HELD_OUT,
      passedOver: [['masks of other images', 2]],
    },
    {
      layout: 'folders that say the classes beside a CSV file of objects in the images',
      names: classFolders('', PETS),
      texts: { 'annotations.csv': 'image,class\n0.png,car\n0.png,bus\n' },
      counts: HELD_OUT,
      passedOver: [['no images', 1]],
    },
    {
      layout: 'images of other formats, and other files',
      names: [...classFolders('', PETS), 'cat/w.tif', 'dog/w.avif', 'README.md'],
      texts: { 'labels.csv': 'a,b\n' },
      counts: HELD_OUT,
      passedOver: [
        ['no images', 2],
        ['TIF images, a format that is not read', 1],
        ['AVIF images, a format that is not read', 1],
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

  it.each([
    {
      files: ['cat/IMG_1.png', 'cat/IMG_2.png', 'dog/DSC_1.png', 'dog/DSC_2.png'],
      classNames: ['cat', 'dog'],
    },
    { files: ['cats/IMG_1.png', 'cats/IMG_2.png', 'cats/DSC_1.png', 'cats/DSC_2.png'], classNames: ['cats'] },
    { files: ['cats/tom_1.png', 'cats/tom_2.png', 'cats/tim_1.png', 'cats/tim_2.png'], classNames: ['cats'] },
    {
      files: ['cat-2023-01-01.png', 'cat-2023-01-02.png', 'dog-2023-01-01.png', 'dog-2023-02-01.png'],
      classNames: ['cat', 'dog'],
    },
    {
      files: ['images/cat_1.png', 'images/cat_2.png', 'images/dog_1.png', 'images/dog_2.png'],
      classNames: ['cat', 'dog'],
    },
  ])('reads the classes of $files as $classNames', async ({ files, classNames }) => {
    expect((await readFolderLayout(await folderOf(files))).classNames).toEqual(classNames);
  });

  it('warns of a class whose name is that of a folder of all images', async () => {
    const { warnings } = await readFolderLayout(
      await folderOf(classFolders('', { images: 5, annotations: 5 })),
    );
    expect(warnings).toEqual([
      'a class has the name annotations: does this folder hold a class?',
      'a class has the name images: does this folder hold a class?',
    ]);
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
    {
      names: [],
      message:
        'Expected image files (PNG, JPEG, WebP, GIF or BMP) in memory, in one folder per class, found no file',
    },
    {
      names: ['a/x.tif', 'a/y.tif', 'notes.txt'],
      message:
        'found 2 files (TIF images, a format that is not read: a/x.tif), 1 file (no images: notes.txt)',
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
      names: [...classFolders('train/', PETS), ...numbered('unlabeled/', 3)],
      message: 'found train/, which holds classes, beside unlabeled/: rename them, or name one of them',
    },
    {
      names: [
        ...classFolders('cats/', { images: 3, masks: 3 }),
        ...classFolders('dogs/', { images: 3, masks: 3 }),
      ],
      message:
        'found images/, masks/ in cats/, dogs/: name the folder that holds the classes, or keep one folder',
    },
    {
      names: [...classFolders('cats/', { train: 3, test: 3 }), ...classFolders('dogs/', { train: 3 })],
      message: 'found test/ in cats/, dogs/',
    },
    {
      names: [
        ...numbered('part_1/', 6),
        ...numbered('part_2/', 6).map((name) => name.replace('.png', 'b.png')),
      ],
      texts: {
        'metadata.csv': `image_id,dx\n${['', 'b'].flatMap((end) => numbered('', 6).map((name, i) => `${name.replace('.png', end)},${i % 2 ? 'nv' : 'mel'}\n`)).join('')}`,
      },
      message:
        'Expected the folders and metadata.csv to say the same classes, got images of mel in part_1/ and in part_2/',
    },
    {
      names: numbered('', 5),
      texts: { 'labels.csv': 'id,label\n77,cat\n' },
      message: 'such as 1.png, and labels.csv without their names',
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

  it('warns of one class, and a class that a split lacks', async () => {
    const one = await readFolderLayout(await folderOf(classFolders('', { cat: 5 })));
    expect(one.warnings).toEqual(['all images are of one class, cat']);
    const names = [
      ...classFolders('train/', { cat: 2, dog: 2 }),
      ...classFolders('val/', { cat: 2, owl: 2 }),
    ];
    expect((await readFolderLayout(await folderOf(names))).warnings).toEqual([
      'no train images of owl',
      'no validation images of dog',
      'no test images of dog, owl',
    ]);
  });
});

describe('a folder beside classes that no image is read from', () => {
  it.each([
    { names: ['a/1.png', 'b/1.png', 'c/notes.txt'], empty: [], folders: ['c'] },
    { names: ['a/1.png', 'b/1.png'], empty: ['c', 'd/e'], folders: ['c', 'd'] },
    {
      names: ['x/train/a/1.png', 'x/train/b/1.png', 'x/test/a/1.png', 'x/test/b/1.png'],
      empty: ['x/train/c', 'x/test/d', 'y'],
      folders: ['x/test/d', 'x/train/c'],
    },
    { names: ['a/1.png', 'a/2.png', 'b/1.png', '__MACOSX/a/._1.png'], empty: ['.git', 'a/old'], folders: [] },
    { names: ['cat_1.png', 'cat_2.png', 'dog_1.png', 'dog_2.png'], empty: ['c'], folders: [] },
    { names: ['train/a/1.png', 'train/b/1.png', 'test/a/1.png'], empty: ['test/b'], folders: [] },
  ])('of $names and empty $empty is in the warnings: $folders', async ({ names, empty, folders }) => {
    const source = { ...(await folderOf(names)), emptyFolders: async () => empty };
    const { warnings } = await readFolderLayout(source);
    expect(warnings.filter((text) => text.includes('no class'))).toEqual(
      folders.map((folder) => `no image is read from ${folder}/: it is no class`),
    );
  });
});

describe('describeLayout', () => {
  it('says classes, counts per split, files passed over and warnings', async () => {
    const names = [
      ...classFolders('train/', { cat: 5, dog: 10 }),
      ...classFolders('val/', { cat: 2 }),
      'train/cat/a.heic',
    ];
    expect(describeLayout(await readFolderLayout(await folderOf(names)))).toEqual([
      '2 classes by their folders: cat, dog',
      'training: 12 images (4, 8)',
      'validation: 2 images (2, 0)',
      'test: 3 images (1, 2), a fixed fifth of each class, since it has no test images of its own',
      'not read: 1 file, HEIC images, a format that is not read, such as train/cat/a.heic',
      'warning: no validation images of dog',
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
