/** Where named bytes are read from. Names are relative, with "/" between folders. */
export interface BlobReader {
  /** For messages: where this is, such as a folder's path. */
  readonly location: string;
  /** The bytes of that name, or undefined if there are none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Every name that begins with `prefix`, sorted. */
  list(prefix?: string): Promise<string[]>;
}

/** Where named bytes are kept: a folder in Node, IndexedDB in a browser. */
export interface BlobStore extends BlobReader {
  /** Puts the bytes there whole or not at all: a reader never sees half of them, even after a crash. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes that name, or every name below it if it is a folder; none there is no error. */
  remove(name: string): Promise<void>;
}

/** A store in memory: for tests, and for a browser page that keeps nothing. */
export function memoryStore(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    location: 'memory',
    read: async (name) => blobs.get(name)?.slice(),
    list: async (prefix = '') => [...blobs.keys()].filter((name) => name.startsWith(prefix)).sort(),
    write: async (name, bytes) => void blobs.set(name, bytes.slice()),
    remove: async (name) => {
      for (const key of blobs.keys()) if (key === name || key.startsWith(`${name}/`)) blobs.delete(key);
    },
  };
}

/** The part of a store whose names begin with `folder` and a slash, as a store of its own. */
export function substore(store: BlobStore, folder: string): BlobStore {
  const prefix = `${folder}/`;
  return {
    location: `${store.location}/${folder}`,
    read: (name) => store.read(prefix + name),
    list: async (start = '') => (await store.list(prefix + start)).map((name) => name.slice(prefix.length)),
    write: (name, bytes) => store.write(prefix + name, bytes),
    remove: (name) => store.remove(prefix + name),
  };
}
