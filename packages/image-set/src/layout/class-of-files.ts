import type { PassedOver } from './passed-over.js';

/** A file of a class. */
export interface LabeledFile {
  /** Its path in the folder. */
  readonly name: string;
  readonly className: string;
}

/** A file with the folders that it lies in, below the folder that is read. */
export interface PlacedFile {
  readonly name: string;
  readonly path: readonly string[];
}

/** The class of each file, where a set says it, and what says it. */
export interface LabeledFiles {
  readonly files: readonly LabeledFile[];
  readonly labelsFrom: LabelSource;
}

/** What a class is read from: the folder of an image, or the begin of its name. */
export type LabelSource = 'folders' | 'file names';

/** The begin of a name such as cat.0.png, cat_0.png, cat (12).jpg. */
const NAME_WITH_CLASS = /^(\p{L}[\p{L}\p{N} _-]*?)[\s._-]*\(?\d+\)?\.\w+$/u;

/** Removes a folder that all files lie in, as archives and downloads have them. */
export function withoutWrapper(
  files: readonly PlacedFile[],
  isKept: (folder: string) => boolean,
): readonly PlacedFile[] {
  const folder = files[0]?.path[0];
  const isWrapper = files.length > 0 && files.every(({ path }) => path.length > 2 && path[0] === folder);
  if (!isWrapper || isKept(folder)) return files;
  return withoutWrapper(
    files.map(({ name, path }) => ({ name, path: path.slice(1) })),
    isKept,
  );
}

/**
 * The classes of files: those of their folders, or, where no file is in a folder, the begins of their names. Undefined where
 * neither says them.
 */
export function classesOf(files: readonly PlacedFile[], passedOver: PassedOver): LabeledFiles | undefined {
  const inFolders = files.filter(({ path }) => path.length > 1);
  const labeled = inFolders.map(({ name, path }) => ({ name, className: path[0] }));
  if (new Set(labeled.map(({ className }) => className)).size > 1 || !readsNames(files)) {
    if (labeled.length === 0) return undefined;
    for (const { name, path } of files)
      if (path.length === 1) passedOver.add('images in no class folder', name);
    return { files: labeled, labelsFrom: 'folders' };
  }
  const named = files.map(({ name, path }) => ({ name, className: NAME_WITH_CLASS.exec(path.at(-1)!)?.[1] }));
  return { files: named as LabeledFile[], labelsFrom: 'file names' };
}

/** Whether the names of files begin with a class: with one of at least two words, each of at least two files. */
function readsNames(files: readonly PlacedFile[]): boolean {
  const counts = new Map<string | undefined, number>();
  for (const { path } of files) {
    const word = NAME_WITH_CLASS.exec(path.at(-1)!)?.[1];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size > 1 && !counts.has(undefined) && [...counts.values()].every((count) => count > 1);
}
