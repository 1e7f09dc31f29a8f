import { InputError } from '@convlens/core';
import { download, type DownloadCache, type DownloadOptions } from './download.js';
import type { FileSource } from './file-source.js';
import { Md5 } from './md5.js';
import { blobChunks } from './picked-files.js';

export interface BrowserDownloadsOptions extends Pick<DownloadOptions, 'mirrors' | 'stallSeconds'> {
  /** The name of the cache; default "convlens". */
  readonly cacheName?: string;
}

/** A name as an address of the cache; it is never fetched. */
const PREFIX = '/convlens-data/';

/**
 * What the Cache API of a browser holds, and what is missing there from the network. Hosts of the official files send no
 * CORS headers, so a page needs `mirrors` that do, or files that its user picks.
 */
export function browserDownloads({
  cacheName = 'convlens',
  mirrors = [],
  stallSeconds,
}: BrowserDownloadsOptions = {}): FileSource {
  const open = () => {
    if (typeof caches === 'undefined')
      throw new InputError(
        'Expected a browser with the Cache API and a page from https or localhost, found none',
      );
    return caches.open(cacheName);
  };
  const find = async (name: string) => (await open()).match(PREFIX + name);
  const cache: DownloadCache = {
    location: `the browser's cache "${cacheName}"`,
    createMd5: () => new Md5(),
    async begin(name) {
      let parts: Blob[] = [];
      let bytes = 0;
      return {
        get bytes() {
          return bytes;
        },
        async append(chunk) {
          parts.push(new Blob([chunk.slice()]));
          bytes += chunk.length;
        },
        async restart() {
          parts = [];
          bytes = 0;
        },
        chunks: () => blobChunks(new Blob(parts)),
        async commit() {
          const headers = { 'content-length': String(bytes) };
          await (
            await open()
          )
            .put(PREFIX + name, new Response(new Blob(parts), { headers }))
            .catch((error) => {
              throw new InputError(
                `The browser keeps no ${bytes} bytes more (${error.message}): free some of its storage for this site`,
              );
            });
        },
        async release() {
          parts = [];
        },
      };
    },
  };
  return {
    location: cache.location,
    async read(name) {
      const found = await find(name);
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async stream(name) {
      const blob = await (await find(name))?.blob();
      return blob && { bytes: blob.size, chunks: blobChunks(blob) };
    },
    async list(prefix = '') {
      const keys = await (await open()).keys();
      return keys
        .map(({ url }) => new URL(url).pathname)
        .filter((path) => path.startsWith(PREFIX + prefix))
        .map((path) => path.slice(PREFIX.length))
        .sort();
    },
    fetch: (file, request = {}) => download(file, { cache, mirrors, stallSeconds, ...request }),
  };
}
