import { expectStore } from './expect-store.js';
import { expectString, expectInnerPath } from '@convlens/core';
import type { BlobStore } from './blob-store.js';

/** The names of `store` in a folder, as a store of its own. Its methods throw an InputError for a name outside of the folder. */
export function substore(store: BlobStore, folder: string): BlobStore {
  expectStore('store', store);
  expectString('folder', folder);
  const prefix = `${folder}/`;
  const location = `${store.location}/${folder}`;
  const nameInside = (name: string) => prefix + expectInnerPath(location, name);
  return {
    location,
    read: async (name) => store.read(nameInside(name)),
    list: async (start = '') => (await store.list(prefix + start)).map((name) => name.slice(prefix.length)),
    write: async (name, bytes) => store.write(nameInside(name), bytes),
    remove: async (name) => store.remove(nameInside(name)),
  };
}
