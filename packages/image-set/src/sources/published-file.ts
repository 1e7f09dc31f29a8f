/** A file as its authors published it. */
export interface PublishedFile {
  /** The name in a cache, such as "mnist/train-images-idx3-ubyte.gz"; a mirror has it under the last part of this name. */
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  /** 32 hexadecimal digits. */
  readonly md5: string;
  /** 64 hexadecimal digits, where a list of them was published: a download is verified by it in place of the MD5. */
  readonly sha256?: string;
  /** The URLs of the file, in the order in which they are tried. */
  readonly urls: readonly string[];
}
