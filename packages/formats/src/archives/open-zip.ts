import { InputError } from '@convlens/core';
import { expectReadable, tooLarge, unpackEntry } from '../zip.js';
import {
  findDirectory,
  LOCAL_HEADER,
  MAX_END_BYTES,
  readEntries,
  ZipView,
  type Directory,
  type ZipEntry,
} from '../zip-directory.js';
import type { ArchiveFile, ArchiveLimits } from './archive-file.js';
import { innerPathOf } from './archive-path.js';
import { readRange, type RandomAccess } from './random-access.js';

/** A directory of a million images is smaller. */
const MAX_DIRECTORY_BYTES = 1 << 28;

/** The most bytes of a local header. */
const MAX_HEADER_BYTES = LOCAL_HEADER.bytes + 2 * 0xffff;

/** A path in an entry that is a link is short. */
const MAX_LINK_BYTES = 4096;

/** Data that cannot be packed grows by a few bytes in each 16 KiB. */
const packedLimit = (bytes: number) => 2 * bytes + 1024;

/** The files of a zip archive. Its directory is read at once, an entry when it is asked for. */
export async function openZip(file: RandomAccess, { maxFileBytes }: ArchiveLimits): Promise<ArchiveFile[]> {
  const { entries, directory } = await readDirectory(file);
  const starts = Float64Array.from([
    ...entries.map(({ headerOffset }) => headerOffset),
    directory.offset,
  ]).sort();
  return entries
    .filter(({ path }) => !/[\\/]$/.test(path))
    .map((entry) => {
      const path = pathOf(file, entry);
      const read = () => readEntry(file, entry, { end: nextAfter(starts, entry.headerOffset), maxFileBytes });
      if (!entry.isLink) return { path, read };
      return {
        path,
        read,
        target: async () => new TextDecoder().decode(await readLink(file, entry, starts)),
      };
    });
}

/** The path of an entry; some programs of Windows write backslashes. */
const pathOf = (file: RandomAccess, { path }: ZipEntry): string =>
  innerPathOf(file.name, path.includes('/') ? path : path.replaceAll('\\', '/'));

async function readDirectory(file: RandomAccess): Promise<{ entries: ZipEntry[]; directory: Directory }> {
  const viewFrom = async (start: number) => {
    if (file.bytes - start > MAX_DIRECTORY_BYTES)
      throw new InputError(
        `Expected ${file.name} to have a directory of at most ${MAX_DIRECTORY_BYTES} bytes, got ${file.bytes - start}`,
      );
    return new ZipView(await readRange(file, start, file.bytes), file.name, start);
  };
  const tail = await viewFrom(Math.max(0, file.bytes - MAX_END_BYTES));
  const directory = findDirectory(tail);
  if (directory.offset > directory.end)
    throw tail.error(`a directory before byte ${directory.end}`, `one at byte ${directory.offset}`);
  const view = directory.offset < tail.start ? await viewFrom(directory.offset) : tail;
  return { entries: readEntries(view, directory), directory };
}

/** The smallest of sorted numbers above `value`; the last one if there is none. */
function nextAfter(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return sorted[low];
}

/** The bytes of an entry, which must end before the next one: entries that overlap could unpack to any size. */
async function readEntry(
  file: RandomAccess,
  entry: ZipEntry,
  { end, maxFileBytes }: { end: number; maxFileBytes: number },
): Promise<Uint8Array> {
  const { headerOffset, packedBytes } = entry;
  const named = new ZipView(new Uint8Array(0), file.name);
  expectReadable(named, { ...entry, path: pathOf(file, entry) });
  if (entry.bytes > maxFileBytes || packedBytes > packedLimit(maxFileBytes))
    throw tooLarge(named, entry, { maxBytes: maxFileBytes, isAlone: true });
  const last = Math.min(end, headerOffset + MAX_HEADER_BYTES + packedBytes);
  if (last <= headerOffset) throw named.error('entries side by side', 'overlapping entries');
  const view = new ZipView(await readRange(file, headerOffset, last), file.name, headerOffset);
  return unpackEntry(view, entry);
}

const readLink = (file: RandomAccess, entry: ZipEntry, starts: Float64Array) =>
  readEntry(
    file,
    { ...entry, isLink: false },
    { end: nextAfter(starts, entry.headerOffset), maxFileBytes: MAX_LINK_BYTES },
  );
