import { InputError } from '@convlens/core';
import { filesIn, foldersOf, withoutOuterFolder, type FolderFile } from './folder-file.js';
import { readsClassNames } from './labeled-files.js';
import type { PassedOver } from './passed-over.js';
import { FOLDER_SPLITS, readSplitName, splitNameOf, type SplitName } from './split-name.js';

/** The files of each split, looked at from its folder. Without folders of splits all are training images. */
export type SplitFiles = ReadonlyMap<
  SplitName,
  { readonly folder: string; readonly files: readonly FolderFile[] }
>;

interface SplitFolder {
  readonly folder: string;
  readonly split: SplitName;
}

/**
 * Divides files by the folders of splits.
 *
 * @throws InputError if there are no training images, or if it is not certain which folders are splits.
 */
export function divideBySplit(
  files: readonly FolderFile[],
  location: string,
  passedOver: PassedOver,
): SplitFiles {
  const folders = foldersOf(files);
  const splitFolders = splitFoldersOf(folders);
  if (splitFolders.length === 0 || isClass(files, folders, { splitFolders, location }))
    return new Map([['train', { folder: '', files }]]);
  expectTraining(splitFolders, location);
  const names = new Set(splitFolders.map(({ folder }) => folder));
  for (const { name, path } of files)
    if (path.length < 2 || !names.has(path[0])) passedOver.add('images outside of the splits', name);
  return new Map(
    FOLDER_SPLITS.flatMap((split) => {
      const [first, second] = splitFolders.filter((one) => one.split === split);
      if (second)
        throw new InputError(
          `Expected one folder of ${split} images in ${location}, found ${first.folder}/ and ${second.folder}/`,
        );
      // As seg_train/seg_train.
      return first
        ? [
            [
              split,
              {
                folder: first.folder,
                files: withoutOuterFolder(filesIn(files, first.folder), { passedOver }),
              },
            ],
          ]
        : [];
    }),
  );
}

/** The folders that are named as splits: all by one name, as horses and validation-horses, or train, val, test. */
function splitFoldersOf(folders: readonly string[]): SplitFolder[] {
  const plain = folders.flatMap((folder) => {
    const split = splitNameOf(folder);
    return split ? [{ folder, split }] : [];
  });
  if (plain.length > 0 || folders.length < 2) return plain;
  const named = folders.map((folder) => ({ folder, ...readSplitName(folder) }));
  const isOneSet =
    named.every(({ base }) => base === named[0].base) && named.some(({ split }) => split !== undefined);
  // Of one set in two folders the one without the name of a split holds the training images.
  return isOneSet ? named.map(({ folder, split = 'train' }) => ({ folder, split })) : [];
}

/**
 * Whether a folder with the name of a split is a class, such as train beside bus and car.
 *
 * @throws InputError if it may be either.
 */
function isClass(
  files: readonly FolderFile[],
  folders: readonly string[],
  { splitFolders, location }: { splitFolders: readonly SplitFolder[]; location: string },
): boolean {
  if (splitFolders.length === folders.length || new Set(splitFolders.map(({ split }) => split)).size > 1)
    return false;
  const { folder } = splitFolders[0];
  const inside = filesIn(files, folder);
  const holdsClasses = inside.some(({ path }) => path.length > 1) || readsClassNames(inside);
  if (!holdsClasses) return true;
  const others = folders.filter((one) => one !== folder).map((one) => `${one}/`);
  throw new InputError(
    `Expected folders of splits (train/, val/, test/) or one folder per class in ${location}, found ${folder}/, which holds ` +
      `classes, beside ${others.slice(0, 5).join(', ')}: rename them, or name one of them`,
  );
}

function expectTraining(splitFolders: readonly SplitFolder[], location: string): void {
  if (splitFolders.some(({ split }) => split === 'train')) return;
  const found = splitFolders.map(({ folder }) => `${folder}/`).join(', ');
  throw new InputError(
    `Expected a folder of training images (train/) in ${location}, or one folder per class, found ${found}: rename them, or ` +
      'name one of them',
  );
}
