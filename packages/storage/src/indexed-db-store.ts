import type { BlobStore } from './blob-store.js';
import { InputError } from '@convlens/core';

const BLOBS = 'blobs';

/**
 * A BlobStore in a browser's IndexedDB: a database of that name, made at the first use. A write is one transaction, done
 * when it is on the disk, so a closed tab leaves the old bytes or the new ones. Works in pages and workers alike.
 *
 * Its methods throw an InputError where there is no IndexedDB, and the browser's own error (QuotaExceededError) where it
 * has no room.
 */
export function indexedDBStore(name: string): BlobStore {
  if (typeof name !== 'string' || name === '')
    throw new InputError(`Expected the name of a database, got ${JSON.stringify(name)}`);
  const location = `indexeddb://${name}`;
  let opened: Promise<IDBDatabase> | undefined;
  const database = () =>
    (opened ??= openDatabase(name, () => (opened = undefined)).catch((error) => {
      opened = undefined;
      throw error;
    }));

  async function transact<T>(
    mode: IDBTransactionMode,
    use: (blobs: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const transaction = (await database()).transaction(BLOBS, mode, { durability: 'strict' });
    const request = use(transaction.objectStore(BLOBS));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    location,
    read: (blob) => transact<Uint8Array | undefined>('readonly', (blobs) => blobs.get(blob)),
    async list(prefix = '') {
      const names = await transact('readonly', (blobs) => blobs.getAllKeys(IDBKeyRange.lowerBound(prefix)));
      return (names as string[]).filter((blob) => blob.startsWith(prefix)).sort();
    },
    async write(blob, bytes) {
      // A view may be a small part of a large buffer, all of which would be stored.
      const copy = bytes.slice();
      await transact('readwrite', (blobs) => blobs.put(copy, blob));
    },
    async remove(blob) {
      await transact('readwrite', (blobs) => {
        // The character after "/" is "0".
        blobs.delete(IDBKeyRange.bound(`${blob}/`, `${blob}0`, false, true));
        return blobs.delete(blob);
      });
    },
  };
}

function openDatabase(name: string, onGone: () => void): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined')
    return Promise.reject(new InputError('Expected a browser with IndexedDB, found none'));
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(BLOBS);
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const { result: database } = request;
      // Another tab wants to delete it, or the browser has closed it: the next use opens it anew.
      database.onversionchange = () => (database.close(), onGone());
      database.onclose = onGone;
      resolve(database);
    };
  });
}
