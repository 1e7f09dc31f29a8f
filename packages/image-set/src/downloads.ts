import { homedir } from 'node:os';
import { join } from 'node:path';
import { download, type DownloadOptions } from './download.js';
import type { FileSource } from './file-source.js';
import { folderFiles } from './folder-files.js';
import { partialFiles } from './partial-file.js';

export interface DownloadsOptions extends Pick<DownloadOptions, 'mirrors' | 'stallSeconds'> {
  /** Where files are looked for first, and kept; default: `convlens/data` in the platform's cache folder. */
  readonly folder?: string;
}

/** The platform's folder for what can be fetched again: $XDG_CACHE_HOME, ~/Library/Caches, %LOCALAPPDATA%. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: LOCALAPPDATA || join(homedir(), 'AppData', 'Local'),
  };
  const cache = caches[process.platform] ?? (XDG_CACHE_HOME || join(homedir(), '.cache'));
  return join(cache, 'convlens', 'data');
}

/**
 * The files in a folder, and what is missing there from the network: `loadCifar10(downloads())` is all that it takes.
 * The mirrors in the environment variable CONVLENS_MIRROR (separated by spaces) come after those in `mirrors`.
 */
export function downloads({
  folder = cacheFolder(),
  mirrors = [],
  stallSeconds,
}: DownloadsOptions = {}): FileSource {
  const files = folderFiles(folder);
  const cache = partialFiles(files.location);
  return {
    ...files,
    fetch: (file, request = {}) => {
      const own = (process.env.CONVLENS_MIRROR ?? '').split(/\s+/).filter(Boolean);
      return download(file, { cache, mirrors: [...mirrors, ...own], stallSeconds, ...request });
    },
  };
}
