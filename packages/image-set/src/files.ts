export { pickedFiles } from './picked-files.js';
export { readExactly, type ReadExactlyOptions, type ExactBytes } from './read-exactly.js';
export type { Chunks, FetchRequest, FileSource, OpenFile } from './file-source.js';
export type { PublishedFile } from './published-file.js';
export { download, type DownloadCache, type DownloadOptions, type DownloadProgress, type PartialFile } from './download.js'; // prettier-ignore
export { browserDownloads, type BrowserDownloadsOptions } from './browser-downloads.js';
export { ByteReader } from './byte-reader.js';
export { inflate, type InflateOptions } from './inflate.js';
export { Md5, type Hasher } from './md5.js';
export { openMembers } from './open-members.js';
export type { LoadedFile, LoadRequest, Member, Packaging } from './packaging.js';
