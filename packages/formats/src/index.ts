// Streams of bytes
export { ByteReader } from './byte-reader.js';
export { abortable, recordErrors, singleChunk, streamChunks, type Chunks } from './chunks.js';
export { concatBytes } from './concat-bytes.js';
// Checksums and numbers
export { crc32 } from './crc32.js';
export { decodeFloat16, encodeFloat16 } from './float16.js';
// Compression
export { inflate, type InflateOptions } from './inflate.js';
export { inflateChunks, inflateSync, type InflateSyncOptions } from './inflate-sync.js';
// Archives
export { openArchive, type OpenArchiveOptions, type OpenedArchive } from './archives/open-archive.js';
export { randomAccess, type RandomAccess } from './archives/random-access.js';
export { tarEntries, type TarEntriesOptions, type TarEntry } from './tar.js';
export { readZip, type ReadZipOptions } from './zip.js';
// Python
export { NumpyArray } from './numpy-array.js';
export { readNpy, type ReadNpyOptions } from './npy.js';
export { readPickle, readPickles, type ReadPickleOptions } from './pickle.js';
export {
  NUMPY_GLOBALS,
  PickleGlobal,
  type PickleContext,
  type PickleGlobals,
  type PickleReducer,
} from './pickle-globals.js';
// File types
export { describeFile } from './describe-file.js';
export { fileType, firstBytes, type FileType } from './file-type.js';

// Types of other packages in these signatures
export type { InputError } from '@convlens/core';
