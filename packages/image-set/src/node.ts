export { cacheFolder, downloads, type DownloadsOptions } from './downloads.js';
export { folderFiles } from './folder-files.js';
