import { formatCount, InputError } from '@convlens/core';
import type { SplitFiles } from './divide-by-split.js';
import type { FolderFile } from './folder-file.js';
import { labelsByFolder, labelsByName, type LabeledFile } from './labeled-files.js';
import type { FoundLabels, LabelsFile } from './labels-file.js';
import type { PassedOver } from './passed-over.js';
import type { SplitName } from './split-name.js';

/** The labeled files of each split, and what says the classes: 'folders', 'file names' or the name of a CSV file. */
export interface LabeledSplits {
  readonly splits: ReadonlyMap<
    SplitName,
    { readonly folder: string; readonly files: readonly LabeledFile[] }
  >;
  readonly labelsFrom: string;
}

export interface LabelingContext {
  /** The file that the caller chose. */
  readonly chosen: LabelsFile | undefined;
  /** The CSV files in the folder that say classes. */
  readonly found: FoundLabels;
  readonly location: string;
  readonly passedOver: PassedOver;
}

/** From which part of the images on a CSV file is taken for one of them. */
const MOST_NAMED = 0.9;

/** A way to read classes: it gives the labeled files of a split. */
type Labeling = (files: readonly FolderFile[], split: SplitName) => LabeledFile[] | undefined;

/**
 * The classes of the files of each split, all read as those of the training images are.
 *
 * @throws InputError if nothing says the classes of the training images, or if folders and a CSV file say different ones.
 */
export function labelSplits(splits: SplitFiles, context: LabelingContext): LabeledSplits {
  const { passedOver } = context;
  const training = splits.get('train')!;
  const { labelsFrom, labeling, trained } = labelingOf(training.files, context);
  // A CSV file that says the classes is read.
  passedOver.remove(labelsFrom);
  const classes = new Set(trained.map(({ className }) => className));
  const labeled = [...splits].flatMap(([split, { folder, files }]) => {
    const ofSplit = split === 'train' ? trained : (labeling(files, split) ?? []);
    // Folders such as test/unknown and val/images are no classes.
    const isLabeled = ofSplit.some(({ className }) => classes.has(className));
    const kept = isLabeled ? ofSplit : [];
    const names = new Set(kept.map(({ name }) => name));
    for (const { name } of files)
      if (!names.has(name) && !passedOver.has(name))
        passedOver.add(
          split === 'train' ? 'images without a class' : `${split} images without one of the classes`,
          name,
        );
    return isLabeled ? [[split, { folder, files: kept }] as const] : [];
  });
  return { splits: new Map(labeled), labelsFrom };
}

function labelingOf(
  files: readonly FolderFile[],
  context: LabelingContext,
): { labelsFrom: string; labeling: Labeling; trained: LabeledFile[] } {
  const { chosen, found, location, passedOver } = context;
  const byFile: Labeling = (ofSplit, split) => labelsByFile(ofSplit, split, chosen ? [chosen] : found.files);
  const named = byFile(files, 'train') ?? [];
  const file = namingFile(files, 'train', chosen ? [chosen] : found.files);
  const fromFile = file && { labelsFrom: file.name, labeling: byFile, trained: named };
  if (chosen && fromFile) return fromFile;
  if (!chosen) {
    const byName = labelsByName(files);
    if (byName)
      return { labelsFrom: 'file names', labeling: (ofSplit) => labelsByName(ofSplit), trained: byName };
    const folders = labelsByFolder(files, location, passedOver) ?? [];
    const isOneFolder = new Set(folders.map(({ className }) => className)).size === 1;
    if (folders.length > 0 && !(isOneFolder && fromFile)) {
      if (fromFile && named.length >= MOST_NAMED * folders.length)
        expectSameClasses(folders, named, fromFile.labelsFrom);
      return {
        labelsFrom: 'folders',
        labeling: (ofSplit) => labelsByFolder(ofSplit, location, passedOver),
        trained: folders,
      };
    }
    if (fromFile) return fromFile;
  }
  throw noClasses(files, context);
}

/** The file that names the most images of a split: one of its own before others. */
function namingFile(
  files: readonly FolderFile[],
  split: SplitName,
  candidates: readonly LabelsFile[],
): LabelsFile | undefined {
  const counted = candidates
    .filter((candidate) => candidate.split === undefined || candidate.split === split)
    .map((candidate) => ({
      candidate,
      count: files.filter(({ name }) => classIn(candidate, name, split)).length,
    }))
    .filter(({ count }) => count > 0)
    .sort(
      (a, b) =>
        Number(b.candidate.split === split) - Number(a.candidate.split === split) || b.count - a.count,
    );
  return counted[0]?.candidate;
}

/** Training and test images often have the same file names, so that a file of no split names test images by their paths. */
const classIn = (file: LabelsFile, name: string, split: SplitName): string | undefined =>
  file.classOf(name, { byFileName: split === 'train' || file.split === split });

function labelsByFile(
  files: readonly FolderFile[],
  split: SplitName,
  candidates: readonly LabelsFile[],
): LabeledFile[] | undefined {
  const file = namingFile(files, split, candidates);
  return (
    file &&
    files.flatMap(({ name }) => {
      const className = classIn(file, name, split);
      return className === undefined ? [] : [{ name, className }];
    })
  );
}

/** Refuses a CSV file that names the images and divides them otherwise than their folders. */
function expectSameClasses(
  folders: readonly LabeledFile[],
  named: readonly LabeledFile[],
  file: string,
): void {
  const folderOf = new Map(folders.map(({ name, className }) => [name, className]));
  const folderOfClass = new Map<string, string>();
  for (const { name, className } of named) {
    const folder = folderOf.get(name);
    if (folder === undefined) continue;
    const known = folderOfClass.get(className);
    if (known !== undefined && known !== folder)
      throw new InputError(
        `Expected the folders and ${file} to say the same classes, got images of ${className} in ${known}/ and in ${folder}/: ` +
          `remove the file, or put all images into one folder`,
      );
    folderOfClass.set(className, folder);
  }
}

function noClasses(files: readonly FolderFile[], { location, chosen, found }: LabelingContext): InputError {
  const candidates = (chosen ? [chosen] : found.files).map(({ name }) => name);
  return new InputError(
    `Expected one folder per class in ${location}, file names that begin with the class (cat.1.png), or a CSV file with the ` +
      `columns id and label, found ${formatCount(files.length, 'image')} such as ${files[0]?.name ?? 'none'}` +
      (candidates.length > 0 ? `, and ${candidates.join(', ')} without their names` : '') +
      found.faults.map((fault) => `. ${fault}`).join(''),
  );
}
