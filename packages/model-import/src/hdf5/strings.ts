import { utf8, type Cursor } from './cursor.js';
import type { Datatype } from './datatype.js';

/**
 * Reads `count` strings, either of fixed length or, as Python writes them, references to the global heap.
 *
 * @returns undefined for elements of another type
 */
export function readStrings(
  cursor: Cursor,
  offset: number,
  { kind, size, count }: Datatype & { count: number },
): string[] | undefined {
  if (kind !== 'string' && kind !== 'variable-length-string') return undefined;
  if (size === 0) cursor.fail('strings of size 0', offset);
  cursor.slice(offset, size * count);
  const readOne =
    kind === 'string'
      ? (start: number) => cursor.text(start, start + size)
      : (start: number) => readVariableLengthString(cursor, start);
  return Array.from({ length: count }, (_, i) => readOne(offset + i * size));
}

function readVariableLengthString(cursor: Cursor, offset: number): string {
  const length = cursor.u32(offset);
  if (length === 0) return '';
  return utf8(readGlobalHeapObject(cursor, offset).subarray(0, length)).replace(/\0+$/, '');
}

/**
 * The bytes of the object that a reference to the global heap names: HDF5 file format specification, section
 * III.E.
 */
function readGlobalHeapObject(cursor: Cursor, reference: number): Uint8Array {
  const collection = cursor.u64(reference + 4);
  const objectIndex = cursor.u32(reference + 12);
  cursor.expectSignature('GCOL', collection);
  const end = collection + cursor.u64(collection + 8);
  for (let offset = collection + 16; offset + 16 <= end;) {
    cursor.spendWork(offset);
    const [index, size] = [cursor.u16(offset), cursor.u64(offset + 8)];
    if (index === objectIndex) {
      cursor.spendWork(offset, size);
      return cursor.slice(offset + 16, size);
    }
    if (index === 0) break;
    offset += 16 + Math.ceil(size / 8) * 8;
  }
  return cursor.fail(`no string ${objectIndex} in the global heap`, reference);
}
