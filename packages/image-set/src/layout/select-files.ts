import { InputError } from '@convlens/core';
import { stratifiedSample } from '../set/stratify.js';
import type { FolderLayout } from './folder-layout.js';
import type { ImageFile } from './image-file.js';
import { FOLDER_SPLITS, type SplitName } from './split-name.js';

/** The images of a folder to load. */
export type FolderSplit = 'all' | SplitName;

/** The seed of a sample; fixed, so that runs of any seed have the same images. */
const SAMPLE_SEED = 0;

/** The files of a split, by label, of all splits as `all` has them; with `limit` at most as many, a stratified sample. */
export function selectFiles(
  { splits, hasValidation, classNames }: FolderLayout,
  {
    split,
    limit,
    location,
    all = allFiles(splits),
  }: { split: FolderSplit; limit: number; location: string; all?: readonly ImageFile[] },
): readonly ImageFile[] {
  if (split === 'validation' && !hasValidation)
    throw new InputError(`Expected a folder of validation images (val/) in ${location}, found none`);
  const files = split === 'all' ? all : splits[split];
  if (files.length <= limit) return files;
  const labels = files.map(({ label }) => label);
  const sample = { classes: classNames.length, count: limit, seed: SAMPLE_SEED };
  return stratifiedSample(labels, sample).map((index) => files[index]);
}

const allFiles = (splits: FolderLayout['splits']): ImageFile[] =>
  FOLDER_SPLITS.flatMap((split) => splits[split]).sort(
    (a, b) => a.label - b.label || (a.name < b.name ? -1 : 1),
  );
