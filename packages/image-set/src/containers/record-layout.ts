import { formatCount, InputError } from '@convlens/core';
import type { FolderLayout } from '../layout/folder-layout.js';
import { holdOutTestFiles } from '../layout/hold-out-test-files.js';
import type { ImageFile } from '../layout/image-file.js';
import type { PassedOver } from '../layout/passed-over.js';
import { FOLDER_SPLITS, type SplitName } from '../layout/split-name.js';
import { splitWarnings } from '../layout/split-warnings.js';

/** What a record says of its class: an index or a name; undefined if nothing. */
export type RecordLabel = number | string | undefined;

/** The records of one split in one file. */
export interface RecordPart {
  readonly split: SplitName;
  /** In messages, with the position: "flowers.parquet, row 7". */
  nameOf(row: number): string;
  readonly labels: readonly RecordLabel[];
}

/** Where a record lies: the index of its part, and its position in it. */
export interface RecordPlace {
  readonly part: number;
  readonly row: number;
}

export interface RecordLayout {
  readonly layout: FolderLayout;
  readonly places: ReadonlyMap<ImageFile, RecordPlace>;
}

export interface RecordLayoutOptions {
  readonly location: string;
  /** What says the classes, in messages: "the column label". */
  readonly labelsFrom: string;
  /** The name of each class index. Default: the indices, or the names that the records say, in alphabetical order. */
  readonly classNames?: readonly string[];
  readonly passedOver: PassedOver;
  readonly warnings?: readonly string[];
}

/** More classes than any set of images has: a column of numbers that counts the images is no label. */
const MAX_CLASSES = 50_000;

/** The index of an image without a class, as Hugging Face writes it. */
const NO_CLASS = -1;

/**
 * The splits and classes of records, in the order of the file.
 *
 * @throws InputError if the labels are no classes, or if there are no training images.
 */
export function layoutOfRecords(parts: readonly RecordPart[], options: RecordLayoutOptions): RecordLayout {
  const { location, labelsFrom, passedOver, warnings = [] } = options;
  const { classNames, labelOf } = readClasses(parts, options);
  const places = new Map<ImageFile, RecordPlace>();
  const files: Record<SplitName, ImageFile[]> = { train: [], validation: [], test: [] };
  for (const [index, part] of parts.entries())
    for (const [row, value] of part.labels.entries()) {
      if (value === undefined || value === NO_CLASS) {
        passedOver.add(`${part.split} images without a class`, part.nameOf(row));
        continue;
      }
      const file = { name: part.nameOf(row), label: labelOf(value) };
      places.set(file, { part: index, row });
      files[part.split].push(file);
    }
  if (files.train.length === 0)
    throw new InputError(`Expected training images with ${labelsFrom} in ${location}, found none`);
  const hasTest = files.test.length > 0;
  const hasValidation = files.validation.length > 0;
  const { train, test } = hasTest ? files : holdOutTestFiles(files.train, classNames);
  const splits = { ...files, train, test };
  const { single, lacking } = splitWarnings(splits, { classNames, hasValidation });
  return {
    places,
    layout: {
      classNames,
      labelsFrom,
      splits,
      hasTest,
      hasValidation,
      passedOver: passedOver.list(),
      warnings: [...single, ...lacking, ...warnings],
    },
  };
}

interface Classes {
  readonly classNames: readonly string[];
  labelOf(value: number | string): number;
}

function readClasses(parts: readonly RecordPart[], options: RecordLayoutOptions): Classes {
  const { location, labelsFrom, classNames } = options;
  const distinct = new Set<number | string>();
  for (const { labels } of parts)
    for (const label of labels) if (label !== undefined && label !== NO_CLASS) distinct.add(label);
  const value = [...distinct];
  if (value.length > MAX_CLASSES) throw tooManyClasses(options, value.length);
  const named = value.filter((label) => typeof label === 'string');
  if (named.length > 0 && named.length < value.length)
    throw new InputError(
      `Expected ${labelsFrom} in ${location} to have numbers or names, got both, such as ${value.find((label) => typeof label === 'number')} and ${named[0]}`,
    );
  if (named.length === 0) return numberedClasses(value as number[], options);
  const names = classNames ?? named.sort();
  const indices = new Map(names.map((name, index) => [name, index]));
  const unknown = named.find((name) => !indices.has(name));
  if (unknown !== undefined)
    throw new InputError(`Expected the class names ${names.join(', ')} in ${location}, got ${unknown}`);
  return { classNames: names, labelOf: (label) => indices.get(label as string)! };
}

function numberedClasses(labels: readonly number[], options: RecordLayoutOptions): Classes {
  const { location, labelsFrom, classNames } = options;
  const largest = labels.reduce((max, label) => Math.max(max, label), -1);
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0);
  if (wrong !== undefined)
    throw new InputError(
      `Expected ${labelsFrom} in ${location} to have class indices, integers >= 0, got ${wrong}`,
    );
  if (classNames && largest >= classNames.length)
    throw new InputError(
      `Expected class indices from 0 to ${classNames.length - 1} in ${location}, since ${classNames.length} classes have names, got ` +
        `${largest}`,
    );
  if (largest >= MAX_CLASSES) throw tooManyClasses(options, largest + 1);
  return {
    classNames: classNames ?? Array.from({ length: largest + 1 }, (_, index) => String(index)),
    labelOf: (label) => label as number,
  };
}

const tooManyClasses = ({ location, labelsFrom }: RecordLayoutOptions, count: number) =>
  new InputError(
    `Expected ${labelsFrom} in ${location} to have at most ${formatCount(MAX_CLASSES)} classes, got ${formatCount(count)}: is it the ` +
      'label?',
  );

/** The parts in the order of splits, so that what a set holds is value in one order. */
export const inSplitOrder = <Part extends { readonly split: SplitName }>(parts: readonly Part[]): Part[] =>
  FOLDER_SPLITS.flatMap((split) => parts.filter((part) => part.split === split));
