import { expectOptions, formatCount, InputError, type OptionNames } from '@convlens/core';
import { expectReader, type BlobReader } from '@convlens/storage';
import {
  classesOf,
  withoutWrapper,
  type LabeledFile,
  type LabelSource,
  type PlacedFile,
} from './class-of-files.js';
import { readLabelsFile, type LabelColumns, type LabelsFile } from './labels-file.js';
import { imageNames, PassedOver, type PassedOverFiles } from './passed-over.js';
import { holdOutTestFiles } from './hold-out-test-files.js';
import type { ImageFile } from './image-file.js';
import { FOLDER_SPLITS, splitNameOf, type SplitName } from './split-name.js';

/** How a folder of images was understood. */
export interface FolderLayout {
  /** In alphabetical order. */
  readonly classNames: readonly string[];
  /** 'folders', 'file names', or the name of the CSV file that says the classes. */
  readonly labelsFrom: string;
  /** The files of each split, by label, those of a label by name. Without a validation folder there are no validation files. */
  readonly splits: { readonly [Split in SplitName]: readonly ImageFile[] };
  /** Whether the folder has test images of its own; else a fixed fifth of each class is held out. */
  readonly hasTest: boolean;
  /** Whether the folder has validation images of its own. */
  readonly hasValidation: boolean;
  /** Files that are not read. */
  readonly passedOver: readonly PassedOverFiles[];
  /** What may be wrong with the set, in words: classes that one split lacks. */
  readonly notices: readonly string[];
}

export interface ReadFolderLayoutOptions {
  /** A CSV file in the folder that says the classes. Default: found, where neither folders nor file names say them. */
  readonly labels?: string;
  /** The columns of `labels`. Default: found by their names. */
  readonly labelColumns?: LabelColumns;
}

const READ_FOLDER_LAYOUT_OPTIONS: OptionNames<ReadFolderLayoutOptions> = { labels: true, labelColumns: true };

/** The splits of a folder, each with its folder and its files. */
type SplitFiles = Map<SplitName, { readonly folder: string; readonly files: readonly PlacedFile[] }>;

/**
 * Finds out how a folder holds images and their classes, without reading the images: folders of training, validation and test
 * images under the names that people use, folders around them, a folder a class, file names that begin with the class, or a
 * CSV file.
 *
 * @throws InputError if there are no images, no classes, or no training images.
 */
export async function readFolderLayout(
  reader: BlobReader,
  options: ReadFolderLayoutOptions = {},
): Promise<FolderLayout> {
  expectOptions('readFolderLayout', options, READ_FOLDER_LAYOUT_OPTIONS);
  expectReader('reader', reader);
  const passedOver = new PassedOver();
  const names = [...(await reader.list())].sort();
  const images = imageNames(names, passedOver).map((name) => ({ name, path: name.split('/') }));
  if (images.length === 0)
    throw new InputError(
      `Expected PNG or JPEG files in ${reader.location}, in one folder per class, found ${describeFound(passedOver)}`,
    );
  const placed = withoutWrapper(images, (folder) => splitNameOf(folder) !== undefined);
  const splits = splitFilesOf(placed, reader.location, passedOver);
  const labels = await labelsOf(reader, names, options);
  return layoutOf(labelSplits(splits, { labels, reader, passedOver }), passedOver);
}

const describeFound = (passedOver: PassedOver): string =>
  passedOver
    .list()
    .map(({ reason, count, example }) => `${formatCount(count, 'file')} (${reason}: ${example})`)
    .join(', ') || 'no file';

/** Divides files by the folders of splits. Without a folder of training images, all are training images. */
function splitFilesOf(files: readonly PlacedFile[], location: string, passedOver: PassedOver): SplitFiles {
  const folders = [...new Set(files.filter(({ path }) => path.length > 1).map(({ path }) => path[0]))];
  const named = folders.map((folder) => ({ folder, split: splitNameOf(folder) }));
  const splitFolders = named.filter(({ split }) => split !== undefined);
  const kinds = new Set(splitFolders.map(({ split }) => split));
  // A class may be called train: one such folder beside others is a class.
  const areSplits = kinds.size > 1 || (kinds.size === 1 && splitFolders.length === folders.length);
  if (!areSplits) return new Map([['train', { folder: '', files }]]);
  if (!kinds.has('train')) {
    const found = splitFolders.map(({ folder }) => `${folder}/`).join(', ');
    throw new InputError(
      `Expected a folder of training images (train/) in ${location}, or one folder per class, found ${found}: rename them, or name one of them`,
    );
  }
  const result: SplitFiles = new Map();
  for (const split of FOLDER_SPLITS) {
    const [first, second] = splitFolders.filter((one) => one.split === split);
    if (second)
      throw new InputError(
        `Expected one folder of ${split} images in ${location}, found ${first.folder}/ and ${second.folder}/`,
      );
    if (first) result.set(split, { folder: first.folder, files: below(files, first.folder) });
  }
  for (const { name, path } of files)
    if (path.length < 2 || splitNameOf(path[0]) === undefined)
      passedOver.add('images outside of the splits', name);
  return result;
}

/** The files in a folder, and in a folder of the same split inside it, as seg_train/seg_train. */
function below(files: readonly PlacedFile[], folder: string): readonly PlacedFile[] {
  const inside = files
    .filter(({ path }) => path.length > 1 && path[0] === folder)
    .map(({ name, path }) => ({ name, path: path.slice(1) }));
  return withoutWrapper(inside, () => false);
}

/** The file of the option, or the first CSV file at the top that says classes of images. */
async function labelsOf(
  reader: BlobReader,
  names: readonly string[],
  { labels, labelColumns }: ReadFolderLayoutOptions,
): Promise<{ readonly file: LabelsFile; readonly isChosen: boolean } | undefined> {
  if (labels !== undefined) {
    const file = await readLabelsFile(reader, labels, labelColumns);
    if (!file)
      throw new InputError(
        `Expected the columns of ${reader.location}/${labels}: labelColumns { id, label }`,
      );
    return { file, isChosen: true };
  }
  for (const name of names.filter((one) => /\.csv$/i.test(one))) {
    const file = await readLabelsFile(reader, name);
    if (file) return { file, isChosen: false };
  }
  return undefined;
}

interface LabeledSplit {
  readonly folder: string;
  readonly files: readonly LabeledFile[];
  readonly labelsFrom: LabelSource | string;
}

interface LabelingContext {
  readonly labels: { readonly file: LabelsFile; readonly isChosen: boolean } | undefined;
  readonly reader: BlobReader;
  readonly passedOver: PassedOver;
}

/** The classes of the files of each split. A split without any is left out, unless it is that of the training images. */
function labelSplits(splits: SplitFiles, context: LabelingContext): Map<SplitName, LabeledSplit> {
  const result = new Map<SplitName, LabeledSplit>();
  for (const [split, { folder, files }] of splits) {
    const labeled = labelFiles(files, split, context);
    if (labeled) result.set(split, { folder, ...labeled });
    else if (split === 'train') throw noClasses(files, context);
    else for (const { name } of files) context.passedOver.add(`${split} images without a class`, name);
  }
  return result;
}

function labelFiles(
  files: readonly PlacedFile[],
  split: SplitName,
  { labels, passedOver }: LabelingContext,
): Omit<LabeledSplit, 'folder'> | undefined {
  const fromPlaces = labels?.isChosen ? undefined : classesOf(files, passedOver);
  // One folder that holds everything is no class if a CSV file says the classes.
  const isCertain =
    fromPlaces && (fromPlaces.labelsFrom === 'file names' || countClasses(fromPlaces.files) > 1);
  if (isCertain || !labels) return fromPlaces;
  // The names of training and test images are often equal: 1.png, 2.png, ...
  const ofSplit = labels.file.split ?? 'train';
  const labeled = ofSplit === split ? files.flatMap(({ name }) => labelOf(name, labels.file)) : [];
  if (labeled.length === 0) return fromPlaces;
  for (const { name } of files)
    if (labels.file.classOf(name) === undefined) passedOver.add('images without a class', name);
  passedOver.remove(labels.file.name);
  return { files: labeled, labelsFrom: labels.file.name };
}

function labelOf(name: string, { classOf }: LabelsFile): LabeledFile[] {
  const className = classOf(name);
  return className === undefined ? [] : [{ name, className }];
}

const countClasses = (files: readonly LabeledFile[]) => new Set(files.map(({ className }) => className)).size;

const noClasses = (files: readonly PlacedFile[], { reader, labels }: LabelingContext): InputError =>
  new InputError(
    `Expected one folder per class in ${reader.location}, file names that begin with the class (cat.1.png), or a CSV file with ` +
      `them, found ${formatCount(files.length, 'image')} such as ${files[0].name}` +
      (labels ? `, and ${labels.file.name}, which names none of them` : ''),
  );

function layoutOf(splits: ReadonlyMap<SplitName, LabeledSplit>, passedOver: PassedOver): FolderLayout {
  const all = [...splits.values()].flatMap(({ files }) => files);
  // The classes of all splits, so that labels agree even if one split lacks a class.
  const classNames = [...new Set(all.map(({ className }) => className))].sort();
  const filesOf = (split: SplitName): ImageFile[] =>
    (splits.get(split)?.files ?? [])
      .map(({ name, className }) => ({ name, label: classNames.indexOf(className) }))
      .sort((a, b) => a.label - b.label);
  const hasTest = splits.has('test');
  const training = filesOf('train');
  const { train, test } = hasTest
    ? { train: training, test: filesOf('test') }
    : holdOutTestFiles(training, classNames);
  return {
    classNames,
    labelsFrom: splits.get('train')!.labelsFrom,
    splits: { train, validation: filesOf('validation'), test },
    hasTest,
    hasValidation: splits.has('validation'),
    passedOver: passedOver.list(),
    notices: noticesOf(splits, classNames),
  };
}

/** The classes that a split lacks, and a set of one class. */
function noticesOf(splits: ReadonlyMap<SplitName, LabeledSplit>, classNames: readonly string[]): string[] {
  const lacking = [...splits.values()].flatMap(({ folder, files }) => {
    const present = new Set(files.map(({ className }) => className));
    const missing = classNames.filter((name) => !present.has(name));
    return missing.length > 0 ? [`${folder}/ has no images of ${missing.join(', ')}`] : [];
  });
  return classNames.length === 1 ? [`all images are of one class: ${classNames[0]}`, ...lacking] : lacking;
}
