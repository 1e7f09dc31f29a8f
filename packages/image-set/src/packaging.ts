import { InputError } from '@convlens/core';
import { ByteReader, grouped } from './byte-reader.js';
import type { DownloadProgress } from './download.js';
import { createMd5, hashed, openFile, type Chunks, type FileSource } from './file-source.js';
import { inflate } from './inflate.js';
import type { PublishedFile } from './published-file.js';
import { tarMembers } from './tar.js';

/** One of the forms in which a data set comes. */
export interface Packaging {
  /** The folders in which its files may lie, "" or with a slash at the end. */
  readonly folders: readonly string[];
  /** The files that are needed, by their names in the folder; one that ends in ".gz" is unpacked as it is read. */
  readonly files: readonly PackagedFile[];
  /** The .tar.gz that has them all. */
  readonly archive?: PublishedFile;
}

export interface PackagedFile {
  readonly name: string;
  /** What is known of the official one. */
  readonly bytes?: number;
  readonly md5?: string;
  /** How it is published, if it is by itself. */
  readonly published?: PublishedFile;
}

export interface LoadedFile {
  readonly name: string;
  /** On the disk. */
  readonly bytes: number;
  /** Whether it has the official checksum; undefined if it was not computed, or none is known. */
  readonly verified?: boolean;
}

/** What all loaders of published sets take. */
export interface LoadRequest {
  /** Stops before the next piece and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of downloads, a few times a second. */
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Told of each file once it is read. */
  readonly onFile?: (file: LoadedFile) => void;
  /** Also computes the checksums of files that are unpacked already; default false. Archives are always verified. */
  readonly verify?: boolean;
  /**
   * Whether it must be the official set; default true. If false files may hold fewer images, and archives may have any
   * checksum: for other sets in the same format.
   */
  readonly official?: boolean;
}

export interface Member {
  /** Which of the packaging's files it is. */
  readonly index: number;
  readonly packaging: Packaging;
  /** How long it is, where that is known before it is read. */
  readonly bytes?: number;
  readonly reader: ByteReader;
}

/** Nothing that is published here is as long when it is unpacked. */
const MAX_BYTES = 2 ** 30;

/**
 * The files of a data set, one after the other, in whichever of its packagings the source has them: unpacked, as an
 * archive, or after they are fetched. An archive gives them in its own order.
 *
 * @throws InputError if there is none of them (what was looked for where, and how to get it), or if a file differs from
 *   what is known of it.
 */
export async function* openMembers(
  source: FileSource,
  { set, packagings, ...request }: { set: string; packagings: readonly Packaging[] } & LoadRequest,
): AsyncGenerator<Member> {
  request.signal?.throwIfAborted();
  const found = (await find(source, packagings)) ?? (await fetched(source, { set, packagings, ...request }));
  yield* 'archive' in found
    ? archived(source, { ...found, ...request })
    : unpacked(source, { ...found, ...request });
}

type Found = { packaging: Packaging; names: string[] } | { packaging: Packaging; archive: string };

async function find(source: FileSource, packagings: readonly Packaging[]): Promise<Found | undefined> {
  const names = new Set(await source.list());
  for (const packaging of packagings)
    for (const folder of packaging.folders)
      if (packaging.files.every(({ name }) => names.has(folder + name)))
        return { packaging, names: packaging.files.map(({ name }) => folder + name) };
  for (const packaging of packagings)
    if (packaging.archive && names.has(packaging.archive.name))
      return { packaging, archive: packaging.archive.name };
  return undefined;
}

async function fetched(
  source: FileSource,
  { set, packagings, ...request }: { set: string; packagings: readonly Packaging[] } & LoadRequest,
): Promise<Found> {
  const failures: string[] = [];
  for (const { archive, files } of source.fetch ? packagings : []) {
    const needed = archive ? [archive] : files.flatMap(({ published }) => published ?? []);
    if (needed.length === 0) continue;
    try {
      const names = new Set(await source.list());
      for (const file of needed) if (!names.has(file.name)) await source.fetch!(file, request);
      const found = await find(source, packagings);
      if (found) return found;
    } catch (error) {
      if (request.signal?.aborted) throw error;
      if ((error as Error)?.name !== 'InputError' || !/^Could not fetch/.test((error as Error).message))
        throw error;
      failures.push((error as Error).message);
    }
  }
  throw new InputError([await missing(source, set, packagings), ...failures].join('\n'));
}

/** Which files are not there, where they were looked for, and how to get them. */
async function missing(source: FileSource, set: string, packagings: readonly Packaging[]): Promise<string> {
  const names = new Set(await source.list());
  // Where some of them lie is where the others were meant to be.
  const places = packagings.flatMap((packaging) =>
    packaging.folders.map((folder) => ({
      packaging,
      folder,
      missing: packaging.files.map(({ name }) => name).filter((name) => !names.has(folder + name)),
    })),
  );
  const begun = places.find((place) => place.missing.length < place.packaging.files.length);
  const { packaging, missing } = begun ?? places[0];
  const folders = begun ? [begun.folder] : packaging.folders;
  const where = folders.map((folder) => `${source.location}/${folder}`).join(' or ');
  const { archive } = packaging;
  const [home] = archive?.urls ?? packaging.files[0].published?.urls ?? [];
  const how = archive
    ? `unpack the official ${archive.name} (${home}) there, or put it there as it is`
    : `put the official files there (${home?.replace(/[^/]*$/, '')})`;
  return `Expected ${missing.join(', ')} of ${set} in ${where}, found no such file: ${how}`;
}

async function* unpacked(
  source: FileSource,
  { packaging, names, ...request }: { packaging: Packaging; names: string[] } & LoadRequest,
): AsyncGenerator<Member> {
  const { signal, onFile, verify = false, official = true } = request;
  for (const [index, name] of names.entries()) {
    signal?.throwIfAborted();
    const file = packaging.files[index];
    const opened = await openFile(source, name, PIECE_BYTES);
    const where = `${source.location}/${name}`;
    const length = file.bytes ?? file.published?.bytes;
    if (!opened || (official && length !== undefined && opened.bytes !== length))
      throw new InputError(
        `${where}: expected ${grouped(length ?? 0)} bytes, got ${opened ? grouped(opened.bytes) : 'no such file'}`,
      );
    const isPacked = name.endsWith('.gz');
    const md5 = file.md5 ?? file.published?.md5;
    const hasher = md5 !== undefined && (verify || (official && isPacked)) ? createMd5(source) : undefined;
    const raw = new ByteReader(hasher ? hashed(opened.chunks, hasher) : opened.chunks, where);
    const chunks = isPacked ? inflate(rest(raw), { format: 'gzip', where, maxBytes: MAX_BYTES }) : rest(raw);
    const reader = new ByteReader(stoppable(chunks, signal), where);
    try {
      yield { index, packaging, reader, ...(!isPacked && { bytes: opened.bytes }) };
      if (hasher) await reader.drain();
    } finally {
      await reader.close();
      await raw.close();
    }
    const digest = hasher?.digest();
    if (official && isPacked && digest !== undefined && digest !== md5)
      throw new InputError(`${where}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
    onFile?.({ name, bytes: opened.bytes, ...(digest !== undefined && { verified: digest === md5 }) });
  }
}

async function* archived(
  source: FileSource,
  { packaging, archive, ...request }: { packaging: Packaging; archive: string } & LoadRequest,
): AsyncGenerator<Member> {
  const { signal, onFile, official = true } = request;
  const { md5, bytes: length } = packaging.archive!;
  const where = `${source.location}/${archive}`;
  const opened = (await openFile(source, archive))!;
  if (official && opened.bytes !== length)
    throw new InputError(
      `${where}: expected ${grouped(length)} bytes, got ${grouped(opened.bytes)}: remove it and get it again`,
    );
  const hasher = createMd5(source);
  const raw = new ByteReader(hashed(stoppable(opened.chunks, signal), hasher), where);
  const open = new Set(packaging.files.keys());
  try {
    const tar = inflate(rest(raw), { format: 'gzip', where, maxBytes: MAX_BYTES });
    for await (const member of tarMembers(tar, { where })) {
      const folder = packaging.folders.find((folder) => member.name.startsWith(folder) && folder !== '');
      const index = packaging.files.findIndex(({ name }) => (folder ?? '') + name === member.name);
      if (!open.delete(index)) continue;
      const reader = new ByteReader(member.chunks, `${where}/${member.name}`);
      yield { index, packaging, bytes: member.bytes, reader };
      await reader.drain();
    }
    // Nothing is used before all of it is known to be right.
    await raw.drain();
  } finally {
    await raw.close();
  }
  const digest = hasher.digest();
  if (official && digest !== md5)
    throw new InputError(`${where}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
  if (open.size > 0) {
    const names = [...open].map((index) => packaging.files[index].name);
    throw new InputError(`${where}: expected ${names.join(', ')} in it, found no such file`);
  }
  onFile?.({ name: archive, bytes: opened.bytes, verified: digest === md5 });
}

/** A whole number of CIFAR records, about a mebibyte. */
const PIECE_BYTES = 3073 * 340;

/** What a reader has not given yet; ending it early leaves the reader open. */
async function* rest(reader: ByteReader): Chunks {
  while (!(await reader.isAtEnd())) yield reader.available();
}

async function* stoppable(chunks: Chunks, signal?: AbortSignal): Chunks {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
