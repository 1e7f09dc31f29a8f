import { randomAccess, streamChunks } from '@convlens/formats';
import type { FileSource } from './file-source.js';

/** Files of a page under names. Bytes are read on request. */
export const namedFiles = (location: string, byName: ReadonlyMap<string, File>): FileSource => ({
  location,
  async read(name) {
    const file = byName.get(name);
    return file && new Uint8Array(await file.arrayBuffer());
  },
  async stream(name) {
    const file = byName.get(name);
    return file && { bytes: file.size, chunks: streamChunks(file.stream()) };
  },
  async open(name) {
    const file = byName.get(name);
    return file && randomAccess(file, `${location}/${name}`);
  },
  list: async (prefix = '') => [...byName.keys()].filter((name) => name.startsWith(prefix)).sort(),
});
