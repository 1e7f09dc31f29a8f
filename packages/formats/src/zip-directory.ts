import { InputError } from '@convlens/core';
import { decodeZipName } from './archives/zip-name.js';

/*
 * The records of a zip archive, by PKWARE's APPNOTE.TXT 6.3: a local header before each entry, and at the end of the file
 * the central directory with its end record. Archives with large files or many entries have Zip64 records as well.
 */

interface RecordType {
  readonly name: string;
  readonly signature: number;
  /** Without the parts of variable length. */
  readonly bytes: number;
}

export const LOCAL_HEADER: RecordType = { name: 'a local header', signature: 0x04034b50, bytes: 30 };
const CENTRAL_HEADER: RecordType = { name: 'a directory entry', signature: 0x02014b50, bytes: 46 };
const END: RecordType = { name: 'the end of its directory', signature: 0x06054b50, bytes: 22 };
const ZIP64_LOCATOR: RecordType = { name: 'a Zip64 locator', signature: 0x07064b50, bytes: 20 };
const ZIP64_END: RecordType = { name: 'the Zip64 end of its directory', signature: 0x06064b50, bytes: 56 };

const MAX_COMMENT_BYTES = 0xffff;
/** The most bytes of the end record with its comment, and of the Zip64 records before it. */
export const MAX_END_BYTES = END.bytes + MAX_COMMENT_BYTES + ZIP64_LOCATOR.bytes + ZIP64_END.bytes;
/** All bits set: the value is in a Zip64 record instead. */
const U2_IN_ZIP64 = 0xffff;
const U4_IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;

/** The system of an entry's attributes, in the upper byte of "version made by"; the file type in those of Unix. */
const UNIX = 3;
const FILE_TYPE_MASK = 0xf000;
const SYMBOLIC_LINK = 0xa000;

/** The sizes and the CRC-32 follow the data, because the archive was written to a stream. */
const STREAMED_FLAG = 8;
/** The name is in UTF-8. Many programs write UTF-8 without it. */
const UTF8_FLAG = 0x800;

/** An entry of the central directory. */
export interface ZipEntry {
  /** The name of the entry. */
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  /** The size when unpacked. */
  readonly bytes: number;
  /** The position of the local header. */
  readonly headerOffset: number;
  /** Whether its content is the path of another file. */
  readonly isLink: boolean;
}

/** The bytes of an archive from `start` on, with checked access to integers and records by their position in the archive. */
export class ZipView {
  private readonly view: DataView;

  /** @param start the position of `bytes` in the archive */
  constructor(
    readonly bytes: Uint8Array,
    readonly name: string,
    readonly start = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The position behind the last byte. */
  get end(): number {
    return this.start + this.bytes.length;
  }

  u2 = (offset: number): number => this.view.getUint16(offset - this.start, true);
  u4 = (offset: number): number => this.view.getUint32(offset - this.start, true);
  /** 64 bits; values beyond 2^53 lose precision, but are larger than any file. */
  u8 = (offset: number): number => Number(this.view.getBigUint64(offset - this.start, true));

  hasRecord(offset: number, { signature, bytes }: RecordType): boolean {
    return offset >= this.start && offset + bytes <= this.end && this.u4(offset) === signature;
  }

  expectRecord(offset: number, type: RecordType): void {
    if (!this.hasRecord(offset, type)) throw this.error(`${type.name} at byte ${offset}`, 'none');
  }

  /** Where the bytes of an entry begin and end, as they are stored. */
  dataRange({ headerOffset, packedBytes }: ZipEntry): { start: number; end: number } {
    this.expectRecord(headerOffset, LOCAL_HEADER);
    const start = headerOffset + LOCAL_HEADER.bytes + this.u2(headerOffset + 26) + this.u2(headerOffset + 28);
    if (start + packedBytes > this.end)
      throw this.error(`${packedBytes} bytes at byte ${start}`, 'the end of the file');
    return { start, end: start + packedBytes };
  }

  /** The bytes from one position up to another. */
  slice(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start - this.start, end - this.start);
  }

  /** A name of an entry with these flags. */
  path(start: number, length: number, flags: number): string {
    return decodeZipName(this.slice(start, start + length), { isUtf8: (flags & UTF8_FLAG) !== 0 });
  }

  error(expected: string, found: string): InputError {
    return new InputError(`Expected ${this.name} to be a whole zip archive with ${expected}, found ${found}`);
  }
}

/**
 * Refuses an entry whose local header contradicts the directory: programs that read the one would unpack something else than
 * programs that read the other.
 */
export function expectSameHeader(view: ZipView, entry: ZipEntry): void {
  const { headerOffset: local, path, flags, method, crc, bytes, packedBytes } = entry;
  const localPath = view.path(local + LOCAL_HEADER.bytes, view.u2(local + 26), flags);
  const isStreamed = (flags & STREAMED_FLAG) !== 0;
  const isSame = (field: number, value: number) => view.u4(local + field) === value;
  const isSameSize = (field: number, value: number) => isSame(field, value) || isSame(field, U4_IN_ZIP64);
  const isEqual =
    localPath === path &&
    view.u2(local + 6) === flags &&
    view.u2(local + 8) === method &&
    (isStreamed || (isSame(14, crc) && isSameSize(18, packedBytes) && isSameSize(22, bytes)));
  if (!isEqual)
    throw view.error(
      `local headers as in its directory`,
      `another one for ${JSON.stringify(path)} at byte ${local}`,
    );
}

/** All entries, in the order of the central directory. `view` holds the whole archive. */
export function readZipDirectory(view: ZipView): ZipEntry[] {
  const directory = findDirectory(view);
  const entries = readEntries(view, directory);
  expectSideBySide(view, entries, directory.offset);
  return entries;
}

/**
 * The entries of a directory, of which `view` holds all bytes.
 *
 * @throws InputError if the directory is incomplete, or two entries have one name.
 */
export function readEntries(view: ZipView, { count, offset, end: directoryEnd }: Directory): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let position = offset;
  for (let i = 0; i < count; i++) {
    view.expectRecord(position, CENTRAL_HEADER);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.u2(position + field));
    const end = position + CENTRAL_HEADER.bytes + nameBytes + extraBytes + commentBytes;
    if (end > view.end) throw view.error('its whole directory', 'the end of the file');
    entries.push(readEntry(view, position));
    position = end;
  }
  // A count that is too small would leave out entries without a word.
  if (position !== directoryEnd)
    throw view.error(`${count} entries up to byte ${directoryEnd}`, `${count} up to byte ${position}`);
  const paths = new Set<string>();
  for (const { path } of entries) {
    if (paths.has(path)) throw view.error('one entry per name', `two entries ${JSON.stringify(path)}`);
    paths.add(path);
  }
  return entries;
}

/**
 * Refuses entries that share bytes with another one or with the directory: a small archive could
 * unpack to a thousand times as many bytes as deflate allows.
 */
function expectSideBySide(view: ZipView, entries: readonly ZipEntry[], directory: number): void {
  const packed = entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  const isTooMuch = packed > view.bytes.length;
  const sorted = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  const isOverlapping = (entry: ZipEntry, i: number) =>
    view.dataRange(entry).end > (sorted[i + 1]?.headerOffset ?? directory);
  if (isTooMuch || sorted.some(isOverlapping))
    throw view.error('entries side by side', 'overlapping entries');
}

export interface Directory {
  /** The number of entries. */
  readonly count: number;
  readonly offset: number;
  /** Where the records after it begin. */
  readonly end: number;
}

/** Where the central directory is, by the end record of an archive, which `view` reaches to. */
export function findDirectory(view: ZipView): Directory {
  const end = findEnd(view);
  const part = view.u2(end + 4);
  if (part > 0 && part < U2_IN_ZIP64)
    throw view.error('all parts in one file', `part ${part + 1} of several`);
  const count = view.u2(end + 10);
  const offset = view.u4(end + 16);
  const locator = end - ZIP64_LOCATOR.bytes;
  if (!view.hasRecord(locator, ZIP64_LOCATOR)) return { count, offset, end };
  const zip64End = view.u8(locator + 8);
  view.expectRecord(zip64End, ZIP64_END);
  if (count !== U2_IN_ZIP64 && offset !== U4_IN_ZIP64) return { count, offset, end: zip64End };
  return { count: view.u8(zip64End + 32), offset: view.u8(zip64End + 48), end: zip64End };
}

/** The position of the end record: the last one whose comment reaches to the end of the file. */
function findEnd(view: ZipView): number {
  const last = view.end - END.bytes;
  for (let offset = last; offset >= Math.max(view.start, last - MAX_COMMENT_BYTES); offset--)
    if (view.hasRecord(offset, END) && offset + END.bytes + view.u2(offset + 20) === view.end) return offset;
  throw view.error(END.name, 'none');
}

function readEntry(view: ZipView, position: number): ZipEntry {
  const nameBytes = view.u2(position + 28);
  const nameStart = position + CENTRAL_HEADER.bytes;
  const flags = view.u2(position + 8);
  const fields = {
    bytes: view.u4(position + 24),
    packedBytes: view.u4(position + 20),
    headerOffset: view.u4(position + 42),
  };
  return {
    path: view.path(nameStart, nameBytes, flags),
    flags,
    method: view.u2(position + 10),
    crc: view.u4(position + 16),
    isLink:
      view.u2(position + 4) >> 8 === UNIX && (view.u2(position + 40) & FILE_TYPE_MASK) === SYMBOLIC_LINK,
    ...fields,
    ...zip64Fields(view, { fields, start: nameStart + nameBytes, bytes: view.u2(position + 30) }),
  };
}

/** The fields of an entry that are in its Zip64 extra field: those with all bits set, in this order. */
function zip64Fields(
  view: ZipView,
  { fields, start, bytes }: { fields: Record<string, number>; start: number; bytes: number },
): Record<string, number> {
  const end = start + bytes;
  for (let field = start; field + 4 <= end; field += 4 + view.u2(field + 2)) {
    if (view.u2(field) !== ZIP64_FIELD) continue;
    const names = Object.keys(fields).filter((name) => fields[name] === U4_IN_ZIP64);
    if (view.u2(field + 2) < 8 * names.length || field + 4 + 8 * names.length > end)
      throw view.error('whole Zip64 fields', 'fewer bytes');
    return Object.fromEntries(names.map((name, i) => [name, view.u8(field + 4 + 8 * i)]));
  }
  return {};
}
