export { downloadStore } from './download-store.js';
export { indexedDBStore } from './indexed-db-store.js';
