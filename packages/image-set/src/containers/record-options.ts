import type { RandomAccess } from '@convlens/formats';
import type { SplitName } from '../layout/split-name.js';

/** What a caller says of images in files of arrays or of columns. */
export interface RecordOptions {
  /** The names of the classes, by their indices. */
  readonly classNames?: readonly string[];
  /** The column with the classes. Default: found by its name. */
  readonly labelColumn?: string;
  /** The column with the images. Default: found by its type and its name. */
  readonly imageColumn?: string;
}

/** A file with images of one split, if nothing in it says others. */
export interface SplitFile {
  readonly file: RandomAccess;
  readonly split: SplitName;
}
