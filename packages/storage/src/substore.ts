import type { BlobStore } from './blob-store.js';

/** The names of `store` in a folder, as a store of its own. */
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
