import { expectMethods } from '@convlens/core';

/** Throws an InputError if a value is not a BlobReader: a path, for example, is none. */
export function expectReader(name: string, value: unknown): void {
  expectMethods(name, value, 'a BlobReader such as folderStore(path) or memoryStore() returns', [
    'read',
    'list',
  ]);
}

/** Throws an InputError if a value is not a BlobStore: a path, for example, is none. */
export function expectStore(name: string, value: unknown): void {
  expectMethods(name, value, 'a BlobStore such as folderStore(path) or memoryStore() returns', [
    'read',
    'list',
    'write',
    'remove',
  ]);
}
