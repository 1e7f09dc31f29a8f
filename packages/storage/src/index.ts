export type { BlobReader, BlobStore } from './blob-store.js';
export { memoryStore } from './memory-store.js';
export { substore } from './substore.js';
export { readJson, readText, writeJson, writeText, type WriteJsonOptions } from './text-blobs.js';
