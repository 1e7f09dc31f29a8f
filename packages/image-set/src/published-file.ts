/** A file that its makers published, and by what it is known. */
export interface PublishedFile {
  /** Where a cache keeps it, such as "mnist/train-images-idx3-ubyte.gz"; on a mirror it has the last part of this name. */
  readonly name: string;
  /** How long it is. */
  readonly bytes: number;
  /** 32 hexadecimal digits. */
  readonly md5: string;
  /** Where it is known to be, the first to try first. */
  readonly urls: readonly string[];
}
