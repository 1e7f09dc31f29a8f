export { cacheFolder, downloads, type DownloadsOptions } from './downloads/downloads.js';
export { folderFiles } from './sources/folder-files.js';
