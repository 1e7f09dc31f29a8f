import type { FileSource } from '../sources/file-source.js';
import type { LabeledSplits } from './label-splits.js';
import { isSystemFile } from './passed-over.js';

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A folder and those that it lies in: "a/b", "a". */
const withParents = (folder: string): string[] =>
  folder === '' ? [] : [folder, ...withParents(parentOf(folder))];

/**
 * The folders beside those of classes that no image is read from, such as one that was never filled: they are no classes.
 *
 * @param names all files of the source
 */
export async function emptyClassFolders(
  source: FileSource,
  names: readonly string[],
  { splits, labelsFrom }: LabeledSplits,
): Promise<string[]> {
  if (labelsFrom !== 'folders') return [];
  const files = [...splits.values()].flatMap((split) => split.files);
  const classes = new Set(files.map(({ className }) => className));
  const classFolders = new Set(
    files.flatMap(({ name, className }) => {
      const end = `/${name}`.lastIndexOf(`/${className}/`);
      return end < 0 ? [] : [name.slice(0, end + className.length)];
    }),
  );
  const places = new Set([...classFolders].map(parentOf));
  const folders = new Set(
    [...names.map(parentOf), ...((await source.emptyFolders?.()) ?? [])].flatMap(withParents),
  );
  const read = new Set(files.map(({ name }) => parentOf(name)).flatMap(withParents));
  return [...folders]
    .filter((folder) => places.has(parentOf(folder)) && !read.has(folder) && !isSystemFile(folder))
    .filter((folder) => !classes.has(folder.slice(folder.lastIndexOf('/') + 1)))
    .sort();
}
