import { indexRange, InputError } from '@convlens/core';
import type { FolderLayout } from './folder-layout.js';
import type { ImageFile } from './image-file.js';
import { FOLDER_SPLITS, type SplitName } from './split-name.js';

/** The images of a folder to load. */
export type FolderSplit = 'all' | SplitName;

/** The files of a split, by label; with `limit` at most as many, taken from the classes in turn. */
export function selectFiles(
  { splits, hasValidation }: FolderLayout,
  { split, limit, location }: { split: FolderSplit; limit: number; location: string },
): readonly ImageFile[] {
  if (split === 'validation' && !hasValidation)
    throw new InputError(`Expected a folder of validation images (val/) in ${location}, found none`);
  return balancedFirst(split === 'all' ? allFiles(splits) : splits[split], limit);
}

const allFiles = (splits: FolderLayout['splits']): ImageFile[] =>
  FOLDER_SPLITS.flatMap((split) => splits[split]).sort(
    (a, b) => a.label - b.label || (a.name < b.name ? -1 : 1),
  );

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
