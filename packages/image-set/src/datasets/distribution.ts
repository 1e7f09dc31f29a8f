import type { ByteReader } from '@convlens/formats';
import type { PublishedFile } from '../sources/published-file.js';

/** One of the forms in which a data set is published: its files, in an archive or by themselves. */
export interface Distribution {
  /** The folders that may hold its files: "", or a path with a slash at the end. */
  readonly folders: readonly string[];
  /** The required files. One whose name ends in ".gz" is unpacked while it is read. */
  readonly files: readonly DistributionFile[];
  /** A .tar.gz archive of all files. */
  readonly archive?: PublishedFile;
  /** The number of bytes in which an unpacked file is best read; default 1 MiB. */
  readonly chunkBytes?: number;
}

export interface DistributionFile {
  /** The name in the folder. */
  readonly name: string;
  /** The size of the official file, if it is known. */
  readonly bytes?: number;
  /** The MD5 of the official file, if it is known. */
  readonly md5?: string;
  /** The file as it is published outside of an archive. */
  readonly published?: PublishedFile;
}

/** One file of a data set, opened. */
export interface DatasetFile {
  /** The index of the file in `distribution.files`. */
  readonly index: number;
  readonly distribution: Distribution;
  /** The size, if it is known before the file is read. */
  readonly bytes?: number;
  readonly reader: ByteReader;
}

/** The most bytes that a file or archive may unpack to. All published ones are smaller. */
export const MAX_UNPACKED_BYTES = 2 ** 30;
