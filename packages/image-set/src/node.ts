export { cacheFolder, downloads, type DownloadsOptions } from './downloads/downloads.js';
export { decodeWorkers, type DecodeWorkers, type DecodeWorkersOptions } from './stream/decode-workers.js';
export { folderFiles } from './sources/folder-files.js';
export { localFile } from './sources/local-file.js';
export { localSource } from './sources/local-source.js';

// Types of other packages in these signatures
export type { RandomAccess } from '@convlens/formats';
