import type { PassedOver } from './passed-over.js';

/** A file with the folders that it lies in, below the folder that is looked at. */
export interface FolderFile {
  /** Its path in the folder that is read. */
  readonly name: string;
  /** Folders and file name. */
  readonly path: readonly string[];
}

/** The files in a folder, looked at from there. */
export const filesIn = (files: readonly FolderFile[], folder: string): FolderFile[] =>
  files
    .filter(({ path }) => path.length > 1 && path[0] === folder)
    .map(({ name, path }) => ({ name, path: path.slice(1) }));

/** The folders of files, in their order. */
export const foldersOf = (files: readonly FolderFile[]): string[] => [
  ...new Set(files.filter(({ path }) => path.length > 1).map(({ path }) => path[0])),
];

/** `files` without a folder around them, as archives and downloads have it, unless it `isKept`. Few images beside it are passed over. */
export function withoutOuterFolder(
  files: readonly FolderFile[],
  { passedOver, isKept = () => false }: { passedOver: PassedOver; isKept?: (folder: string) => boolean },
): readonly FolderFile[] {
  const [folder, second] = foldersOf(files);
  if (folder === undefined || second !== undefined || isKept(folder)) return files;
  const inside = filesIn(files, folder);
  // A folder that holds images is a class.
  if (inside.some(({ path }) => path.length === 1)) return files;
  // Few images beside it, such as a preview, are none of the set.
  if (inside.length < files.length - inside.length) return files;
  for (const { name, path } of files)
    if (path.length === 1) passedOver.add('images in no class folder', name);
  return withoutOuterFolder(inside, { passedOver, isKept });
}
