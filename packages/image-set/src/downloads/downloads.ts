import { homedir } from 'node:os';
import { join } from 'node:path';
import { expectOptions, type OptionNames } from '@convlens/core';
import type { FileSource } from '../sources/file-source.js';
import { folderFiles } from '../sources/folder-files.js';
import { download, type DownloadOptions } from './download.js';
import { partialFiles } from './partial-files.js';

export interface DownloadsOptions extends Pick<DownloadOptions, 'mirrors' | 'stallSeconds'> {
  /** The folder of the files, where downloads are stored; default `cacheFolder()`. */
  readonly folder?: string;
}

const DOWNLOADS_OPTIONS: OptionNames<DownloadsOptions> = { folder: true, mirrors: true, stallSeconds: true };

/**
 * The folder `convlens/data` in the platform's cache folder: $XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS,
 * %LOCALAPPDATA% on Windows.
 */
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
 * The files in a folder, as a FileSource; files that it lacks are downloaded: `loadCifar10(downloads())`. The mirrors in the
 * environment variable CONVLENS_MIRROR (separated by spaces) are tried after those in `mirrors`.
 *
 * Its methods throw an InputError as `folderFiles` and `download` do.
 */
export function downloads(options: DownloadsOptions = {}): FileSource {
  expectOptions('downloads', options, DOWNLOADS_OPTIONS);
  const { folder = cacheFolder(), mirrors = [], stallSeconds } = options;
  const files = folderFiles(folder);
  const cache = partialFiles(files.location);
  return {
    ...files,
    fetch: (file, fetchOptions = {}) => {
      const allMirrors = [...mirrors, ...environmentMirrors()];
      return download(file, { cache, mirrors: allMirrors, stallSeconds, ...fetchOptions });
    },
  };
}

const environmentMirrors = () => (process.env.CONVLENS_MIRROR ?? '').split(/\s+/).filter(Boolean);
