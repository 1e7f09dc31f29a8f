import { formatCount, indexRange, InputError, type ImageSet } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { split as splitSet } from '../set/split.js';

/** The images of a folder to load. */
export type FolderSplit = 'all' | 'train' | 'test';

/** A file in a class folder. */
export interface ImageFile {
  readonly name: string;
  readonly label: number;
}

const IMAGE_NAME = /\.(png|jpe?g)$/i;
const HIDDEN_NAME = /(^|\/)\./;
const SPLIT_FOLDERS = ['train/', 'test/'];
/** Names of folders that hold splits, not classes. */
const SPLIT_FOLDER_NAMES = ['train', 'test', 'val', 'valid', 'validation'];
/** The fraction of test images of a folder without `train` and `test` folders. */
const TEST_FRACTION = 0.2;

/**
 * The image files of a split, with the labels of their class folders.
 *
 * @throws InputError if there are no class folders, no images, or folders that look like splits.
 */
export async function findImageFiles(
  reader: BlobReader,
  { split, limit }: { split: FolderSplit; limit: number },
): Promise<{ files: readonly ImageFile[]; classNames: readonly string[] }> {
  const names = (await reader.list()).filter((name) => IMAGE_NAME.test(name) && !HIDDEN_NAME.test(name));
  const hasSplits = SPLIT_FOLDERS.every((folder) => names.some((name) => name.startsWith(folder)));
  if (!hasSplits) expectClassFolders(names, reader);
  const allFiles = names.flatMap((name) => {
    const splitFolder = hasSplits ? SPLIT_FOLDERS.find((folder) => name.startsWith(folder)) : '';
    const [className, ...path] = name.slice(splitFolder?.length).split('/');
    return splitFolder !== undefined && path.length > 0 ? [{ name, splitFolder, className }] : [];
  });
  const isSplitFolder = hasSplits && split !== 'all';
  const selected = allFiles.filter(({ splitFolder }) => !isSplitFolder || splitFolder === `${split}/`);
  if (selected.length === 0)
    throw new InputError(
      `Expected one folder per class with PNG or JPEG files in ${reader.location}/${isSplitFolder ? `${split}/` : ''}, ` +
        `found ${names.length > 0 ? `${formatCount(names.length, 'image')} in no folder` : 'no image'}`,
    );
  // The classes of both splits, so that labels agree even if one split lacks a class.
  const classNames = [...new Set(allFiles.map(({ className }) => className))].sort();
  const files = selected
    .map(({ name, className }) => ({ name, label: classNames.indexOf(className) }))
    .sort((a, b) => a.label - b.label);
  const splitFiles = hasSplits || split === 'all' ? files : filesOfSplit(files, { split, classNames });
  return { files: balancedFirst(splitFiles, limit), classNames };
}

/** Refuses folders that hold splits: as classes, a model would learn to tell training images from validation images. */
function expectClassFolders(names: readonly string[], { location }: BlobReader): void {
  const paths = names.map((name) => name.split('/')).filter((path) => path.length > 1);
  const folders = [...new Set(paths.map(([folder]) => folder))];
  const isNested = paths.some((path) => path.length > 2);
  if (isNested && folders.every((folder) => SPLIT_FOLDER_NAMES.includes(folder.toLowerCase())))
    throw new InputError(
      `Expected train/ and test/ in ${location}, or one folder per class, found ` +
        `${folders.map((folder) => `${folder}/`).join(', ')}: rename them, or name one of them`,
    );
}

/** The training or test files of a folder without split folders: a stratified split with a fixed seed. */
function filesOfSplit(
  files: readonly ImageFile[],
  { split, classNames }: { split: 'train' | 'test'; classNames: readonly string[] },
): ImageFile[] {
  // A set with one pixel per image, which holds the index of the file.
  const set: ImageSet = {
    kind: 'image-set',
    name: 'files',
    pixels: Float32Array.from(indexRange(files.length)),
    labels: Int32Array.from(files, ({ label }) => label),
    count: files.length,
    height: 1,
    width: 1,
    channels: 1,
    classNames,
  };
  const { remaining, heldOut } = splitSet(set, { strategy: 'stratified', fraction: TEST_FRACTION });
  return Array.from((split === 'test' ? heldOut : remaining).pixels, (index) => files[index]);
}

/** At most `limit` files, taken from the classes in turn; they keep their order. */
function balancedFirst(files: readonly ImageFile[], limit: number): readonly ImageFile[] {
  if (files.length <= limit) return files;
  const countOfLabel: number[] = [];
  const turns = files.map(({ label }) => {
    countOfLabel[label] = (countOfLabel[label] ?? 0) + 1;
    return countOfLabel[label];
  });
  return Array.from(indexRange(files.length))
    .sort((a, b) => turns[a] - turns[b] || a - b)
    .slice(0, limit)
    .sort((a, b) => a - b)
    .map((index) => files[index]);
}
