/*
 * The headers of a tar archive: POSIX.1-1988 (ustar), POSIX.1-2001 (pax), and the long names of GNU tar.
 */

export const BLOCK_BYTES = 512;

/** A header that cannot be read; the message says why. */
export class TarError extends Error {}

export type TarHeaderKind = 'file' | 'link' | 'pax' | 'long-name' | 'long-target' | 'other';

export interface TarHeader {
  readonly kind: TarHeaderKind;
  readonly path: string;
  /** The path that a link leads to. */
  readonly target: string;
  /** Whether a link is another name of an earlier file. */
  readonly isHardLink: boolean;
  /** The size of the data after the header. */
  readonly bytes: number;
  /** Links, devices and folders have no data, whatever size they declare. */
  readonly hasData: boolean;
}

/** The kinds of headers that are read, by their type flag; "7" is a contiguous file. */
const KINDS: Readonly<Record<string, TarHeaderKind>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  x: 'pax',
  L: 'long-name',
  K: 'long-target',
};

/** The type flags of links, devices and folders. */
const WITHOUT_DATA = /[1-6]/;

const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
const SPACE = 0x20;

const decoder = new TextDecoder();

/** Reads a header of 512 bytes. Throws a TarError if its checksum or a number is wrong. */
export function parseTarHeader(block: Uint8Array): TarHeader {
  expectChecksum(block);
  const type = String.fromCharCode(block[156]);
  const name = text(block, 0, 100);
  const prefix = text(block, 257, 6) === 'ustar' ? text(block, 345, 155) : '';
  const path = prefix ? `${prefix}/${name}` : name;
  const hasData = !WITHOUT_DATA.test(type);
  const kind = KINDS[type] ?? 'other';
  return {
    // Before POSIX a folder was a file whose name ends in a slash.
    kind: kind === 'file' && path.endsWith('/') ? 'other' : kind,
    path,
    target: text(block, 157, 100),
    isHardLink: type === '1',
    bytes: hasData ? number(block, 124, 12) : 0,
    hasData,
  };
}

function expectChecksum(block: Uint8Array): void {
  const sum = block.reduce(
    (total, byte, i) => total + (i >= CHECKSUM_START && i < CHECKSUM_END ? SPACE : byte),
    0,
  );
  if (number(block, CHECKSUM_START, 8) !== sum) throw new TarError('a header with a wrong checksum');
}

/** The text in a field, which ends at its first zero. */
function text(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const zero = field.indexOf(0);
  return decoder.decode(zero < 0 ? field : field.subarray(0, zero));
}

/** A number in octal digits, or, where these do not suffice, in base 256 after a set bit. */
function number(block: Uint8Array, start: number, length: number): number {
  if (block[start] & 0x80) {
    const value = block.subarray(start + 1, start + length).reduce((sum, byte) => 256 * sum + byte, 0);
    if (block[start] !== 0x80 || !Number.isSafeInteger(value)) throw new TarError('a number out of range');
    return value;
  }
  const digits = text(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new TarError('a number that is not octal');
  return digits === '' ? 0 : parseInt(digits, 8);
}

/** What a pax header says of the next entry. */
export interface PaxFields {
  readonly path?: string;
  readonly bytes?: number;
  /** The path that a link leads to. */
  readonly target?: string;
}

/** The fields of a pax header that are used. Each record is "LENGTH KEY=VALUE\n", with the length of all of it. */
export function parsePax(data: Uint8Array): PaxFields {
  let fields: PaxFields = {};
  for (let start = 0; start < data.length;) {
    const digits = /^(\d{1,8}) /.exec(decoder.decode(data.subarray(start, start + 9)))?.[1];
    const end = start + Number(digits);
    if (digits === undefined || !(end <= data.length) || data[end - 1] !== 0x0a)
      throw new TarError('a damaged pax header');
    const record = decoder.decode(data.subarray(start + digits.length + 1, end - 1));
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key === 'path') fields = { ...fields, path: value };
    if (key === 'linkpath') fields = { ...fields, target: value };
    if (key === 'size') fields = { ...fields, bytes: paxSize(value) };
    start = end;
  }
  return fields;
}

function paxSize(value: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(size)) throw new TarError('a pax header with a size that is no integer');
  return size;
}

/** The path in a header of GNU tar for a long name. */
export const parseLongName = (data: Uint8Array): string => text(data, 0, data.length);
