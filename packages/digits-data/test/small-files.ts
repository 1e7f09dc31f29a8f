import { readFileSync } from 'node:fs';
import { memoryStore, type BlobStore } from '@convlens/storage';

/** A file that fixtures/make.py wrote. */
export const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** The contents of these files. */
export const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  'svhn' | 'svhnLabels' | 'mnist' | 'mnistLabels',
  number[]
>;

/** Options to read the test images of files that are smaller than the official ones. */
export const SMALL = { split: 'test', official: false } as const;

export async function storeOf(files: Record<string, Uint8Array>): Promise<BlobStore> {
  const store = memoryStore();
  for (const [name, bytes] of Object.entries(files)) await store.write(name, bytes);
  return store;
}

/** A reader of files without copies. */
export const readerOf = (files: Record<string, Uint8Array>) => ({
  location: 'data',
  list: async () => Object.keys(files),
  read: async (name: string) => files[name],
});
