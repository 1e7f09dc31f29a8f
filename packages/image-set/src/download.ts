import { expectNumber, InputError } from '@convlens/core';
import { attempt, AttemptError } from './attempt.js';
import { grouped } from './byte-reader.js';
import type { Hasher } from './md5.js';
import type { Chunks } from './file-source.js';
import type { PublishedFile } from './published-file.js';

export interface DownloadProgress {
  /** The name of the file. */
  readonly name: string;
  /** Where it comes from. */
  readonly url: string;
  /** How many bytes are here, those of an earlier start included, and how many there will be. */
  readonly bytes: number;
  readonly total: number;
  /** Bytes a second, over the last seconds. */
  readonly rate: number;
  /** Until it is here, if the rate stays; undefined as long as there is none. */
  readonly secondsLeft?: number;
}

/** What of a file is here already, and where more of it goes. */
export interface PartialFile {
  /** How many bytes are here. */
  readonly bytes: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Forgets all of it. */
  restart(): Promise<void>;
  /** What is here, from the first byte, as it was kept. */
  chunks(): Chunks;
  /** Makes it the file: whole, or not at all. */
  commit(): Promise<void>;
  /** Lets go of it and keeps it for a later start, where that can be. */
  release(): Promise<void>;
}

/** Where downloads are kept. */
export interface DownloadCache {
  /** For messages. */
  readonly location: string;
  /** Opens what there is of a file; `bytes` is how long it will be. */
  begin(name: string, bytes: number): Promise<PartialFile>;
  createMd5(): Hasher;
}

export interface DownloadOptions {
  readonly cache: DownloadCache;
  /** Addresses of folders that hold files of the same names, tried before the known places; default none. */
  readonly mirrors?: readonly string[];
  /** A server that sends nothing for so long is given up, in seconds, above 0; default 30. */
  readonly stallSeconds?: number;
  readonly signal?: AbortSignal;
  /** Told a few times a second. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/** As long as something arrives, the same place is asked again, so often in a row. */
const TRIES = 8;

/**
 * Fetches a published file into a cache: from each mirror and known place in turn until one gives it whole, going on
 * where an earlier start or another place broke off. The length and the checksum are those of what was kept, and only
 * then does it get its name.
 *
 * @throws InputError that says of each place what happened there, and what to do.
 */
export async function download(file: PublishedFile, options: DownloadOptions): Promise<void> {
  const { cache, mirrors = [], stallSeconds = 30, signal, onDownload } = options;
  expectNumber('stallSeconds', stallSeconds, { min: Number.MIN_VALUE });
  const urls = [...mirrors.map((mirror) => onMirror(mirror, file.name)), ...file.urls];
  const failures: string[] = [];
  signal?.throwIfAborted();
  const partial = await cache.begin(file.name, file.bytes);
  try {
    for (const url of urls) {
      // What came before, from another place or at an earlier start, may be what is wrong: then all is asked of this one.
      let isOwn = partial.bytes === 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const before = partial.bytes;
        try {
          if (partial.bytes < file.bytes)
            await attempt(url, { file, partial, stallSeconds, signal, onDownload });
          await verify(file, { partial, cache, signal, isOwn });
          await partial.commit();
          return;
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof AttemptError)) throw error;
          failures.push(`${url}: ${error.message}`);
          const startsAnew = !isOwn && partial.bytes === 0;
          if (startsAnew) isOwn = true;
          else if (!error.goOn || partial.bytes <= before) break;
        }
      }
    }
  } finally {
    await partial.release();
  }
  throw new InputError(
    [
      `Could not fetch ${file.name} (${grouped(file.bytes)} bytes):`,
      ...(failures.length ? failures : ['no address is known']).map((failure) => `  ${failure}`),
      'Try again (what arrived is kept where it can be, and the download goes on from there), name a mirror of your own ' +
        `(on the command line --mirror URL or CONVLENS_MIRROR), or put the file into ${cache.location}`,
    ].join('\n'),
    { code: 'unreachable' },
  );
}

/** Where a mirror has a file. */
function onMirror(mirror: string, name: string): string {
  if (!URL.canParse(mirror) || !/^https?:$/.test(new URL(mirror).protocol))
    throw new InputError(`Expected mirror to be an address such as https://host/folder, got "${mirror}"`);
  return `${mirror.replace(/\/+$/, '')}/${name.split('/').pop()}`;
}

async function verify(
  { bytes, md5 }: PublishedFile,
  {
    partial,
    cache,
    signal,
    isOwn,
  }: Pick<DownloadOptions, 'cache' | 'signal'> & { partial: PartialFile; isOwn: boolean },
): Promise<void> {
  // Of what is kept, not of what went by: a disk, or another process, may have changed it.
  const hasher = cache.createMd5();
  let length = 0;
  for await (const chunk of partial.chunks()) {
    signal?.throwIfAborted();
    hasher.update(chunk);
    length += chunk.length;
  }
  const found = hasher.digest();
  if (length === bytes && found === md5) return;
  await partial.restart();
  throw new AttemptError(
    length === bytes
      ? `${isOwn ? 'sent' : 'completed'} ${grouped(length)} bytes that are not the file: expected the MD5 ${md5}, got ${found}`
      : `expected ${grouped(bytes)} bytes, kept ${grouped(length)}`,
  );
}
