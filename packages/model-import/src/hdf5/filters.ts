import { inflateSync } from '@convlens/formats';
import type { Cursor } from './cursor.js';
import { fletcher32, withSwappedBytes } from './fletcher32.js';

/** A step that the bytes of each chunk went through when they were written, such as compression. */
export interface Filter {
  readonly id: number;
  readonly parameters: readonly number[];
}

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
/** Filters with this id or a higher one are plugins and have a name. */
const FIRST_PLUGIN_ID = 256;

const CHECKSUM_BYTES = 4;

/** The filter pipeline at an offset, of version 1 or 2; none for undefined. */
export function readFilters(cursor: Cursor, offset: number | undefined): Filter[] {
  if (offset === undefined) return [];
  const [version, count] = [cursor.u8(offset), cursor.u8(offset + 1)];
  if (version !== 1 && version !== 2) cursor.fail(`a filter pipeline of version ${version}`, offset);
  let position = offset + (version === 1 ? 8 : 2);
  return Array.from({ length: count }, () => {
    const id = cursor.u16(position);
    const isNamed = version === 1 || id >= FIRST_PLUGIN_ID;
    const nameLength = isNamed ? cursor.u16(position + 2) : 0;
    const parameterCount = cursor.u16(position + (isNamed ? 6 : 4));
    const paddedNameLength = version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength;
    const parametersOffset = position + (isNamed ? 8 : 6) + paddedNameLength;
    // Version 1 pads the parameters to a multiple of 8 bytes.
    const paddedCount = version === 1 ? parameterCount + (parameterCount % 2) : parameterCount;
    position = parametersOffset + 4 * paddedCount;
    cursor.spendWork(parametersOffset, 1 + parameterCount);
    const parameters = Array.from({ length: parameterCount }, (_, i) => cursor.u32(parametersOffset + 4 * i));
    return { id, parameters };
  });
}

interface FilteredBytes {
  readonly bytes: Uint8Array;
  readonly filters: readonly Filter[];
  /** A set bit i means that filter i was skipped. */
  readonly filterMask: number;
  /** The most bytes to return. */
  readonly size: number;
}

/** The bytes of a chunk as they were before its filters. */
export function reverseFilters(
  cursor: Cursor,
  offset: number,
  { bytes, filters, filterMask, size }: FilteredBytes,
): Uint8Array {
  const reverse = (filtered: Uint8Array, { id, parameters }: Filter, index: number): Uint8Array => {
    if (filterMask & (1 << index)) return filtered;
    if (id === SHUFFLE) return unshuffle(filtered, parameters[0] || 1);
    if (id === FLETCHER32) return verifyChecksum(cursor, offset, filtered);
    if (id === DEFLATE) return inflateChunk(cursor, offset, filtered, size);
    return cursor.fail(`an array compressed with filter ${id}; only gzip is supported`, offset);
  };
  return filters.reduceRight(reverse, bytes);
}

/** The bytes before the Fletcher-32 at the end of a chunk, which must be theirs. */
function verifyChecksum(cursor: Cursor, offset: number, bytes: Uint8Array): Uint8Array {
  const length = bytes.length - CHECKSUM_BYTES;
  if (length < 0) return cursor.fail(`a chunk of ${bytes.length} bytes, too few for a checksum`, offset);
  const data = bytes.subarray(0, length);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + length).getUint32(0, true);
  const actual = fletcher32(data);
  if (stored !== actual && stored !== withSwappedBytes(actual))
    cursor.fail(
      `a chunk with the Fletcher-32 ${hex(actual)} in place of ${hex(stored)} (the file is damaged; download or ` +
        'copy it again)',
      offset,
    );
  return data;
}

const hex = (checksum: number) => checksum.toString(16).padStart(8, '0');

function inflateChunk(cursor: Cursor, offset: number, bytes: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync([bytes], { name: 'the chunk', maxBytes: size, truncate: true });
  } catch (error) {
    return cursor.fail(`a damaged chunk (${(error as Error).message})`, offset);
  }
}

/** Shuffled bytes are the first bytes of all elements, then their second bytes, and so on. */
function unshuffle(bytes: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(bytes.length / elementSize);
  const elements = bytes.slice();
  for (let byte = 0; byte < elementSize; byte++)
    for (let i = 0; i < count; i++) elements[i * elementSize + byte] = bytes[byte * count + i];
  return elements;
}
