export { memoryStore, substore, type BlobReader, type BlobStore } from './blob-store.js';
