export type { BlobReader, BlobStore } from './blob-store.js';
export { expectReader, expectStore } from './expect-store.js';
export { memoryStore } from './memory-store.js';
export { substore } from './substore.js';
export { readJson, readText, writeJson, writeText, type WriteJsonOptions } from './text-blobs.js';
// JSON that people edit
export { parseJson } from './json/parse-json.js';
export { expectSchema } from './json/expect-schema.js';
export { resolveArrays, type ResolveArraysOptions } from './json/resolve-arrays.js';
export {
  callbackState,
  closedObject,
  dictionary,
  distinctTexts,
  finiteNumber,
  floatArray,
  guarded,
  integer,
  list,
  metric,
  oneOf,
  openObject,
} from './json/schemas.js';

// Types of other packages in these signatures
export type { CallbackState, NumberRange } from '@convlens/core';
