// Sources of files
export { archiveFiles, type ArchiveFilesOptions } from './sources/archive-files.js';
export type { FetchOptions, FileSource, OpenedFile } from './sources/file-source.js';
export { fromDrop } from './sources/from-drop.js';
export { fromFileList } from './sources/from-file-list.js';
export { Md5, type Hasher } from './sources/md5.js';
export { createSha256 } from './sources/sha256.js';
export type { DownloadProgress } from './sources/download-progress.js';
export type { PublishedFile } from './sources/published-file.js';
// Downloads
export { browserDownloads, type BrowserDownloadsOptions } from './downloads/browser-downloads.js';
export { download, type DownloadOptions } from './downloads/download.js';
export type { DownloadCache, PartialFile } from './downloads/download-cache.js';
// Data sets
export { openDatasetFiles, type OpenDatasetFilesOptions } from './datasets/open-dataset-files.js';
export type { DatasetFile, Distribution, DistributionFile } from './datasets/distribution.js';
export {
  expectImageCount,
  expectLoadSplitOptions,
  LOAD_SPLIT_OPTIONS,
  type ImageCounts,
  type LoadedFile,
  type LoadOptions,
  type LoadSplitOptions,
} from './datasets/load-options.js';
export type {
  Dataset,
  FileDataset,
  GeneratedDataset,
  LoadDatasetSplitOptions,
  DatasetDescription,
} from './datasets/dataset.js';

// Types of other packages in these signatures
export type { ByteReader, Chunks, OpenArchiveOptions, RandomAccess } from '@convlens/formats';
export type { BlobReader } from '@convlens/storage';
