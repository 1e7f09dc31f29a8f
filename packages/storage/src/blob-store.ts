/** A source of named bytes. Names are relative, with "/" between folders. */
export interface BlobReader {
  /** What messages call it, such as the path of a folder. */
  readonly location: string;
  /** The bytes under a name; undefined if there are none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** All names that begin with `prefix` (default: all names), sorted. */
  list(prefix?: string): Promise<string[]>;
}

/** A store of named bytes: a folder in Node, IndexedDB in a browser. */
export interface BlobStore extends BlobReader {
  /** Writes bytes under a name, or replaces those that it has. Atomic: a reader gets the old bytes or the new ones. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes a name, or all names below it if it is a folder. A name that does not exist is no error. */
  remove(name: string): Promise<void>;
}
