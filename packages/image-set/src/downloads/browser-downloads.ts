import { expectOptions, InputError, type OptionNames } from '@convlens/core';
import { streamChunks } from '@convlens/formats';
import type { FileSource } from '../sources/file-source.js';
import { Md5 } from '../sources/md5.js';
import { createSha256 } from '../sources/sha256.js';
import { download, type DownloadOptions } from './download.js';
import type { DownloadCache, PartialFile } from './download-cache.js';

export interface BrowserDownloadsOptions extends Pick<DownloadOptions, 'mirrors' | 'stallSeconds'> {
  /** The name of the cache; default "convlens". */
  readonly cacheName?: string;
}

const BROWSER_DOWNLOADS_OPTIONS: OptionNames<BrowserDownloadsOptions> = {
  cacheName: true,
  mirrors: true,
  stallSeconds: true,
};

/** The Cache API has URLs for names. Those with this prefix are never fetched. */
const URL_PREFIX = '/convlens-data/';

/**
 * The files in a cache of the browser's Cache API, as a FileSource; files that it lacks are downloaded. Hosts of official
 * data sets send no CORS headers, so a page needs `mirrors` that do, or files that its user selects (`fromFileList`).
 *
 * Its methods throw an InputError where there is no Cache API, and as `download` does.
 */
export function browserDownloads(options: BrowserDownloadsOptions = {}): FileSource {
  expectOptions('browserDownloads', options, BROWSER_DOWNLOADS_OPTIONS);
  const { cacheName = 'convlens', mirrors = [], stallSeconds } = options;
  const openCache = () => openBrowserCache(cacheName);
  const match = async (name: string) => (await openCache()).match(URL_PREFIX + name);
  const cache: DownloadCache = {
    location: `the browser's cache "${cacheName}"`,
    createHasher: (algorithm) => (algorithm === 'md5' ? new Md5() : createSha256()),
    openPartial: async (name) => new PartInMemory(openCache, name),
  };
  return {
    location: cache.location,
    async read(name) {
      const response = await match(name);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async stream(name) {
      const blob = await (await match(name))?.blob();
      return blob && { bytes: blob.size, chunks: streamChunks(blob.stream()) };
    },
    async list(prefix = '') {
      const requests = await (await openCache()).keys();
      return requests
        .map(({ url }) => new URL(url).pathname)
        .filter((path) => path.startsWith(URL_PREFIX + prefix))
        .map((path) => path.slice(URL_PREFIX.length))
        .sort();
    },
    fetch: (file, fetchOptions = {}) => download(file, { cache, mirrors, stallSeconds, ...fetchOptions }),
  };
}

function openBrowserCache(name: string): Promise<Cache> {
  if (typeof caches === 'undefined')
    throw new InputError(
      'Expected a browser with the Cache API and a page from https or localhost, found none',
    );
  return caches.open(name);
}

/** The bytes of a download, as Blobs, which a browser may move to the disk. They are lost when the page is closed. */
class PartInMemory implements PartialFile {
  bytes = 0;
  private parts: Blob[] = [];

  constructor(
    private readonly openCache: () => Promise<Cache>,
    private readonly name: string,
  ) {}

  async append(chunk: Uint8Array): Promise<void> {
    this.parts.push(new Blob([chunk.slice()]));
    this.bytes += chunk.length;
  }

  async clear(): Promise<void> {
    this.parts = [];
    this.bytes = 0;
  }

  chunks() {
    return streamChunks(new Blob(this.parts).stream());
  }

  async commit(): Promise<void> {
    const { bytes } = this;
    const response = new Response(new Blob(this.parts), { headers: { 'content-length': String(bytes) } });
    const cache = await this.openCache();
    await cache.put(URL_PREFIX + this.name, response).catch((error) => {
      throw new InputError(
        `The browser cannot store ${bytes} bytes more (${error.message}): free some of its storage for this site`,
      );
    });
  }

  async close(): Promise<void> {
    this.parts = [];
  }
}
