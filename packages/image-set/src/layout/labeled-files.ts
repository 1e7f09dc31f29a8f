import { InputError } from '@convlens/core';
import { filesIn, foldersOf, type FolderFile } from './folder-file.js';
import type { PassedOver } from './passed-over.js';
import { splitNameOf } from './split-name.js';

/** A file of a class. */
export interface LabeledFile {
  /** Its path in the folder. */
  readonly name: string;
  readonly className: string;
}

/** The begin of a name such as cat.0.png, cat_0.png, cat (12).jpg, cat-2023-01-01.jpg. */
const NAME_WITH_CLASS = /^(\p{L}+(?:[\s_-]+\p{L}+)*)[\s._-]*\(?\d[^/]*\.\w+$/u;

/** What cameras and programs begin names with. */
const NO_CLASS = /^(img|image|dsc|dscn|dscf|photo|pic|picture|wa|screenshot|frame|scan|mask)$/i;

/** Folders that hold all images of a set, and are no class. */
const ANY_IMAGES = /^(all|data|dataset|images?|imgs?|photos?|pictures?)$/i;

const classInName = ({ path }: FolderFile): string | undefined => NAME_WITH_CLASS.exec(path.at(-1)!)?.[1];

/** Whether the names of files begin with a class: with one of at least two words, each of at least two files. */
export function readsClassNames(files: readonly FolderFile[]): boolean {
  const counts = new Map<string | undefined, number>();
  for (const file of files) counts.set(classInName(file), (counts.get(classInName(file)) ?? 0) + 1);
  const words = [...counts.keys()];
  return (
    counts.size > 1 &&
    words.every((word) => word !== undefined && !NO_CLASS.test(word)) &&
    [...counts.values()].every((count) => count > 1)
  );
}

/** The files with the classes that their names begin with, where no file is in a class folder. Undefined where they say none. */
export function labelsByName(files: readonly FolderFile[]): LabeledFile[] | undefined {
  const folders = foldersOf(files);
  const isFlat = folders.length === 0 || (folders.length === 1 && ANY_IMAGES.test(folders[0]));
  if (!isFlat || !readsClassNames(files)) return undefined;
  return files.map((file) => ({ name: file.name, className: classInName(file)! }));
}

/**
 * The files with the folders that they lie in as classes. Undefined if none is in a folder.
 *
 * @throws InputError if the folders hold folders of the same names, which may be the classes, or splits.
 */
export function labelsByFolder(
  files: readonly FolderFile[],
  location: string,
  passedOver: PassedOver,
): LabeledFile[] | undefined {
  const folders = foldersOf(files);
  if (folders.length === 0) return undefined;
  const copies = folders.filter((folder) => isCopy(files, folder, folders));
  const classes = folders.filter((folder) => !copies.includes(folder));
  expectNoInnerSets(files, classes, location);
  return files.flatMap(({ name, path }) => {
    const [folder] = path;
    if (path.length > 1 && classes.includes(folder)) return [{ name, className: folder }];
    passedOver.add(
      path.length > 1 ? `images of the classes once more, in ${folder}/` : 'images in no class folder',
      name,
    );
    return [];
  });
}

/** Whether a folder holds the other folders once more, as some archives have it. */
function isCopy(files: readonly FolderFile[], folder: string, folders: readonly string[]): boolean {
  const inside = filesIn(files, folder);
  const inner = foldersOf(inside);
  const others = folders.filter((one) => one !== folder);
  return (
    inner.length > 1 &&
    inside.every(({ path }) => path.length > 1) &&
    inner.every((one) => others.includes(one))
  );
}

/** Refuses folders that hold the same folders each, such as images and masks, and splits inside of classes. */
function expectNoInnerSets(files: readonly FolderFile[], classes: readonly string[], location: string): void {
  const inner = classes.map((folder) => {
    const inside = filesIn(files, folder);
    return inside.some(({ path }) => path.length === 1) ? [] : foldersOf(inside).sort();
  });
  const [first] = inner;
  const isSame =
    classes.length > 1 && inner.every((names) => names.length > 1 && names.join('/') === first.join('/'));
  const split = inner.flat().find((name) => splitNameOf(name) !== undefined);
  if (!isSame && split === undefined) return;
  const found = isSame ? first.map((name) => `${name}/`).join(', ') : `${split}/`;
  throw new InputError(
    `Expected images in one folder per class in ${location}, found ${found} in ${classes.map((name) => `${name}/`).join(', ')}: ` +
      'name the folder that holds the classes, or keep one folder of images per class',
  );
}
