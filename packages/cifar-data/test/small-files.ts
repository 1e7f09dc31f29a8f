import { readFileSync } from 'node:fs';
import { memoryStore, type BlobStore } from '@convlens/storage';

/** A file that fixtures/make.py wrote. */
export const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

export async function storeOf(files: Record<string, Uint8Array>): Promise<BlobStore> {
  const store = memoryStore();
  for (const [name, bytes] of Object.entries(files)) await store.write(name, bytes);
  return store;
}
