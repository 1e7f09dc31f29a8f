import type { BlobStore } from './blob-store.js';

/** A store in memory: for tests, and for a page that keeps nothing. */
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
