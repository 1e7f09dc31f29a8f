/** A file in an archive, or a link to one. */
export interface ArchiveFile {
  /** Its path, which is inside of the archive. */
  readonly path: string;
  read(): Promise<Uint8Array>;
  /** Of a link: the path that it leads to, from its folder. */
  target?(): Promise<string>;
}

export interface ArchiveLimits {
  /** The most bytes of one file when it is unpacked. */
  readonly maxFileBytes: number;
  /** The most bytes that are unpacked into memory at once: those of a tar.gz archive. */
  readonly maxBytes: number;
}
