import { indexRange, type ImageSet } from '@convlens/core';
import { split } from '../set/split.js';
import type { ImageFile } from './image-file.js';

/** The fraction of test images of a folder without test images of its own. */
const TEST_FRACTION = 0.2;

/** Divides the files of a folder without test images: a fixed fifth of each class. */
export function holdOutTestFiles(
  files: readonly ImageFile[],
  classNames: readonly string[],
): { train: readonly ImageFile[]; test: readonly ImageFile[] } {
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
  const { remaining, heldOut } = split(set, { strategy: 'stratified', fraction: TEST_FRACTION });
  const filesOf = ({ pixels }: ImageSet) => Array.from(pixels, (index) => files[index]);
  return { train: filesOf(remaining), test: filesOf(heldOut) };
}
