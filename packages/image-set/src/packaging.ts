import type { ByteReader } from './byte-reader.js';
import type { DownloadProgress } from './download.js';
import type { PublishedFile } from './published-file.js';

/** One of the forms in which a data set comes. */
export interface Packaging {
  /** The folders in which its files may lie, "" or with a slash at the end. */
  readonly folders: readonly string[];
  /** The files that are needed, by their names in the folder; one that ends in ".gz" is unpacked as it is read. */
  readonly files: readonly PackagedFile[];
  /** The .tar.gz that has them all. */
  readonly archive?: PublishedFile;
  /** How many bytes of an unpacked file its reader best gets at once; default a mebibyte. */
  readonly pieceBytes?: number;
}

export interface PackagedFile {
  readonly name: string;
  /** What is known of the official one. */
  readonly bytes?: number;
  readonly md5?: string;
  /** How it is published, if it is by itself. */
  readonly published?: PublishedFile;
}

export interface LoadedFile {
  readonly name: string;
  /** On the disk. */
  readonly bytes: number;
  /** Whether it has the official checksum; undefined if it was not computed, or none is known. */
  readonly verified?: boolean;
}

/** What all loaders of published sets take. */
export interface LoadRequest {
  /** Stops before the next piece and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of downloads, a few times a second. */
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Told of each file once it is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Also computes the checksums of files that are unpacked already; default false. Archives are always verified. */
  readonly verify?: boolean;
  /**
   * Whether it must be the official set; default true. If false files may hold fewer images, and archives may have any
   * checksum: for other sets in the same format.
   */
  readonly official?: boolean;
}

export interface Member {
  /** Which of the packaging's files it is. */
  readonly index: number;
  readonly packaging: Packaging;
  /** How long it is, where that is known before it is read. */
  readonly bytes?: number;
  readonly reader: ByteReader;
}

/** Nothing that is published here is as long when it is unpacked. */
export const MAX_BYTES = 2 ** 30;
