import { expectOptions, formatCount, InputError, type OptionNames } from '@convlens/core';
import { expectReader, type BlobReader } from '@convlens/storage';
import { divideBySplit } from './divide-by-split.js';
import { emptyClassFolders } from './empty-class-folders.js';
import { withoutOuterFolder } from './folder-file.js';
import { holdOutTestFiles } from './hold-out-test-files.js';
import type { ImageFile } from './image-file.js';
import { labelSplits, type LabeledSplits } from './label-splits.js';
import { findLabelsFiles, readLabelsFile, type LabelColumns, type LabelsFile } from './labels-file.js';
import { imageNames, PassedOver, type PassedOverFiles } from './passed-over.js';
import { splitNameOf, type SplitName } from './split-name.js';
import { splitWarnings } from './split-warnings.js';

/** How a folder of images, or a file that holds images, was understood. */
export interface FolderLayout {
  /** In alphabetical order. */
  readonly classNames: readonly string[];
  /** 'folders', 'file names', the name of the CSV file, or the column or array that says the classes. */
  readonly labelsFrom: string;
  /** The files of each split, by label, those of a label by name. Without a validation folder there are no validation files. */
  readonly splits: { readonly [Split in SplitName]: readonly ImageFile[] };
  /** Whether the set has test images of its own; else a fixed fifth of each class is held out. */
  readonly hasTest: boolean;
  /** Whether the set has validation images of its own. */
  readonly hasValidation: boolean;
  /** Files that are not read. */
  readonly passedOver: readonly PassedOverFiles[];
  /** What may be wrong with the set: a single class, classes that a split lacks, folders without images. */
  readonly warnings: readonly string[];
}

export interface ReadFolderLayoutOptions {
  /** A CSV file in the folder that says the classes. Default: found, where neither folders nor file names say them. */
  readonly labels?: string;
  /** The columns of `labels`. Default: found by their names. */
  readonly labelColumns?: LabelColumns;
}

const READ_FOLDER_LAYOUT_OPTIONS: OptionNames<ReadFolderLayoutOptions> = { labels: true, labelColumns: true };

/**
 * Finds out how a folder holds images and their classes, without reading the images: folders of training, validation and test
 * images under the names that people use, folders around them, a folder a class, file names that begin with the class, or a
 * CSV file.
 *
 * @throws InputError if there are no images, no classes, or no training images, or if the folder can be read in two ways.
 */
export async function readFolderLayout(
  reader: BlobReader,
  options: ReadFolderLayoutOptions = {},
): Promise<FolderLayout> {
  expectOptions('readFolderLayout', options, READ_FOLDER_LAYOUT_OPTIONS);
  expectReader('reader', reader);
  const { location } = reader;
  const passedOver = new PassedOver();
  const names = [...(await reader.list())].sort();
  const images = imageNames(names, passedOver).map((name) => ({ name, path: name.split('/') }));
  if (images.length === 0)
    throw new InputError(
      `Expected PNG or JPEG files in ${location}, in one folder per class, found ${describeFound(passedOver)}`,
    );
  const isKept = (folder: string) => splitNameOf(folder) !== undefined;
  const inside = withoutOuterFolder(images, { passedOver, isKept });
  const chosen = await chosenLabels(reader, options);
  const found = chosen ? { files: [], faults: [] } : await findLabelsFiles(reader, names);
  const splits = divideBySplit(inside, location, passedOver);
  const labeled = labelSplits(splits, { chosen, found, location, passedOver });
  const empty = await emptyClassFolders(reader, names, labeled);
  return layoutOf(labeled, passedOver, empty);
}

const describeFound = (passedOver: PassedOver): string =>
  passedOver
    .list()
    .map(({ reason, count, example }) => `${formatCount(count, 'file')} (${reason}: ${example})`)
    .join(', ') || 'no file';

async function chosenLabels(
  reader: BlobReader,
  { labels, labelColumns }: ReadFolderLayoutOptions,
): Promise<LabelsFile | undefined> {
  if (labels === undefined) return undefined;
  const file = await readLabelsFile(reader, labels, labelColumns);
  if (file) return file;
  throw new InputError(
    `Expected labelColumns: { id, label }, the columns of ${reader.location}/${labels} with the names of images and their classes`,
  );
}

function layoutOf(
  { splits: labeled, labelsFrom }: LabeledSplits,
  passedOver: PassedOver,
  empty: readonly string[],
): FolderLayout {
  const all = [...labeled.values()].flatMap(({ files }) => files);
  // The classes of all splits, so that labels agree even if one split lacks a class.
  const classNames = [...new Set(all.map(({ className }) => className))].sort();
  const filesOf = (split: SplitName): ImageFile[] =>
    (labeled.get(split)?.files ?? [])
      .map(({ name, className }) => ({ name, label: classNames.indexOf(className) }))
      .sort((a, b) => a.label - b.label);
  const hasTest = labeled.has('test');
  const hasValidation = labeled.has('validation');
  const training = filesOf('train');
  const { train, test } = hasTest
    ? { train: training, test: filesOf('test') }
    : holdOutTestFiles(training, classNames);
  const splits = { train, validation: filesOf('validation'), test };
  const warnings = [
    ...warningsOf(splits, { classNames, hasValidation }),
    ...empty.map((folder) => `no image is read from ${folder}/: it is no class`),
  ];
  return { classNames, labelsFrom, splits, hasTest, hasValidation, passedOver: passedOver.list(), warnings };
}

/** Folders that more often hold all images of a set, or what belongs to them. */
const UNLIKELY_CLASS = /^(images?|imgs?|photos?|annotations?|masks?|labels?|unknown|unlabel+ed)$/i;

/** A set of one class, classes that are hardly classes, and those that a split lacks. */
function warningsOf(
  splits: FolderLayout['splits'],
  { classNames, hasValidation }: { classNames: readonly string[]; hasValidation: boolean },
): string[] {
  const { single, lacking } = splitWarnings(splits, { classNames, hasValidation });
  const unlikely = classNames
    .filter((name) => UNLIKELY_CLASS.test(name))
    .map((name) => `a class has the name ${name}: does this folder hold a class?`);
  return [...single, ...unlikely, ...lacking];
}
