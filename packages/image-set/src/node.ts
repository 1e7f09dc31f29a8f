export { cacheFolder, downloads, type DownloadsOptions } from './downloads/downloads.js';
export { decodeWorkers, type DecodeWorkers, type DecodeWorkersOptions } from './stream/decode-workers.js';
export { folderFiles } from './sources/folder-files.js';
