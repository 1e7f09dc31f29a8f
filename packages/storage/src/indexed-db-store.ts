import { InputError } from '@convlens/core';
import type { BlobStore } from './blob-store.js';

const OBJECT_STORE = 'blobs';

/**
 * A store in the browser's IndexedDB, in pages and workers. The database is created at the first use. A write is one
 * transaction that ends when the bytes are on the disk: if the tab is closed, the old bytes or the new ones are there.
 *
 * Its methods throw an InputError where there is no IndexedDB, and the browser's QuotaExceededError where the disk is full.
 *
 * @param name the name of the database
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
    const transaction = (await database()).transaction(OBJECT_STORE, mode, { durability: 'strict' });
    const request = use(transaction.objectStore(OBJECT_STORE));
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
      // Without a copy a view of a large buffer would store the whole buffer.
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

function openDatabase(name: string, onClosed: () => void): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined')
    return Promise.reject(new InputError('Expected a browser with IndexedDB, found none'));
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(OBJECT_STORE);
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const { result: database } = request;
      // Another tab deletes it, or the browser has closed it: the next use opens it again.
      database.onversionchange = () => (database.close(), onClosed());
      database.onclose = onClosed;
      resolve(database);
    };
  });
}
