import {
  expectObject,
  expectMethods,
  expectFields,
  expectNumber,
  expectOptions,
  formatCount,
  InputError,
  type OptionNames,
} from '@convlens/core';
import type { DownloadProgress } from '../sources/download-progress.js';
import type { PublishedFile } from '../sources/published-file.js';
import type { DownloadCache, PartialFile } from './download-cache.js';
import { fetchRange, RangeRequestError } from './range-request.js';

export interface DownloadOptions {
  readonly cache: DownloadCache;
  /** The URLs of folders that hold files of the same names, tried before those of the file; default none. */
  readonly mirrors?: readonly string[];
  /** The seconds without data after which a server is given up, above 0; default 30. */
  readonly stallSeconds?: number;
  readonly signal?: AbortSignal;
  /** Called a few times per second. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

const DOWNLOAD_OPTIONS: OptionNames<DownloadOptions> = {
  cache: true,
  mirrors: true,
  stallSeconds: true,
  signal: true,
  onDownload: true,
};

/** The most requests to one server. It is asked again only if the last request brought data. */
const MAX_REQUESTS = 8;

/**
 * Downloads a published file into a cache. Each mirror and each URL of the file is tried in turn. A download resumes where an
 * earlier start or another server broke off. The file is committed only if its length and MD5 are those that were published;
 * they are computed from the stored bytes.
 *
 * @throws InputError with the failure of each URL and what to do, with the code 'unreachable'; without that code if the cache
 * cannot store the file or a mirror is no URL.
 */
export async function download(file: PublishedFile, options: DownloadOptions): Promise<void> {
  expectOptions('download', options, DOWNLOAD_OPTIONS);
  expectFields('PublishedFile', 'file', file, { name: 'string', urls: 'list' });
  expectObject('the options of download', options);
  expectMethods('cache', options.cache, 'a DownloadCache', ['openPartial']);
  const { cache, mirrors = [], stallSeconds = 30, signal, onDownload } = options;
  expectNumber('stallSeconds', stallSeconds, { min: Number.MIN_VALUE });
  const urls = [...mirrors.map((mirror) => mirrorUrl(mirror, file.name)), ...file.urls];
  const failures: string[] = [];
  signal?.throwIfAborted();
  const partial = await cache.openPartial(file.name, file.bytes);
  try {
    for (const url of urls)
      if (await fetchFrom(url, { file, partial, cache, stallSeconds, signal, onDownload, failures })) return;
  } finally {
    await partial.close();
  }
  throw unreachable(file, cache, failures);
}

interface FetchFromOptions extends Omit<DownloadOptions, 'mirrors' | 'stallSeconds'> {
  readonly file: PublishedFile;
  readonly partial: PartialFile;
  readonly stallSeconds: number;
  /** Collects what went wrong. */
  readonly failures: string[];
}

/** Downloads what is missing of a file from one URL, verifies and commits it; false if the URL fails. */
async function fetchFrom(url: string, options: FetchFromOptions): Promise<boolean> {
  const { file, partial, cache, stallSeconds, signal, onDownload, failures } = options;
  // If earlier bytes, from another server or an earlier start, are wrong, this URL is asked for the whole file.
  let isWhole = partial.bytes === 0;
  for (let request = 0; request < MAX_REQUESTS; request++) {
    const bytesBefore = partial.bytes;
    try {
      if (partial.bytes < file.bytes)
        await fetchRange(url, { file, partial, stallSeconds, signal, onDownload });
      await verify(file, { partial, cache, signal, isWhole });
      await partial.commit();
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RangeRequestError)) throw error;
      failures.push(`${url}: ${error.message}`);
      if (!isWhole && partial.bytes === 0) isWhole = true;
      else if (!error.isRetryable || partial.bytes <= bytesBefore) return false;
    }
  }
  return false;
}

/** The URL of a file on a mirror. */
function mirrorUrl(mirror: string, name: string): string {
  if (!URL.canParse(mirror) || !/^https?:$/.test(new URL(mirror).protocol))
    throw new InputError(`Expected mirror to be an address such as https://host/folder, got "${mirror}"`);
  return `${mirror.replace(/\/+$/, '')}/${name.split('/').pop()}`;
}

/**
 * Compares length and checksum of the stored bytes, since a disk or another process may have changed them; drops wrong ones.
 */
async function verify(
  { bytes, md5, sha256 }: PublishedFile,
  {
    partial,
    cache,
    signal,
    isWhole,
  }: Pick<DownloadOptions, 'cache' | 'signal'> & { partial: PartialFile; isWhole: boolean },
): Promise<void> {
  const hasher = cache.createHasher(sha256 === undefined ? 'md5' : 'sha256');
  let length = 0;
  for await (const chunk of partial.chunks()) {
    signal?.throwIfAborted();
    hasher.update(chunk);
    length += chunk.length;
  }
  const digest = hasher.digest();
  if (length === bytes && digest === (sha256 ?? md5)) return;
  await partial.clear();
  if (length !== bytes)
    throw new RangeRequestError(`expected ${formatCount(bytes)} bytes, stored ${formatCount(length)}`);
  throw new RangeRequestError(
    `${isWhole ? 'sent' : 'completed'} ${formatCount(length)} bytes that are not the file: ` +
      `expected the ${sha256 === undefined ? `MD5 ${md5}` : `SHA-256 ${sha256}`}, got ${digest}`,
  );
}

function unreachable(
  { name, bytes }: PublishedFile,
  cache: DownloadCache,
  failures: readonly string[],
): InputError {
  const lines = [
    `Could not fetch ${name} (${formatCount(bytes)} bytes):`,
    ...(failures.length > 0 ? failures : ['no address is known']).map((failure) => `  ${failure}`),
    'Try again (the download resumes if the received bytes could be kept), name a mirror ' +
      `(on the command line --mirror URL or CONVLENS_MIRROR), or put the file into ${cache.location}`,
  ];
  return new InputError(lines.join('\n'), { code: 'unreachable' });
}
