import type { Cursor } from './cursor.js';

/** How an element of an array or attribute is stored. */
export interface Datatype {
  readonly kind: 'integer' | 'unsigned-integer' | 'float' | 'string' | 'variable-length-string' | 'other';
  /** Bytes per element. */
  readonly size: number;
  readonly bigEndian: boolean;
}

const INTEGER_CLASS = 0;
const FLOAT_CLASS = 1;
const STRING_CLASS = 3;
const VARIABLE_LENGTH_CLASS = 9;

/** The datatype message at an offset. */
export function readDatatype(cursor: Cursor, offset: number): Datatype {
  const size = cursor.u32(offset + 4);
  const bigEndian = (cursor.u8(offset + 1) & 1) === 1;
  return { kind: readKind(cursor, offset, size), size, bigEndian };
}

function readKind(cursor: Cursor, offset: number, size: number): Datatype['kind'] {
  const bits = cursor.u8(offset + 1);
  switch (cursor.u8(offset) & 0x0f) {
    case INTEGER_CLASS:
      return bits & 8 ? 'integer' : 'unsigned-integer';
    case FLOAT_CLASS:
      return isIeeeFloat(cursor, offset, size) ? 'float' : 'other';
    case STRING_CLASS:
      return 'string';
    case VARIABLE_LENGTH_CLASS:
      return (bits & 0x0f) === 1 ? 'variable-length-string' : 'other';
    default:
      return 'other';
  }
}

/** The bits of the exponent and the fraction of IEEE 754 numbers, by their size in bytes. */
const IEEE: Readonly<Record<number, readonly [exponent: number, fraction: number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
};

/** A float of 2 bytes may also be a bfloat16: HDF5 describes the bits of a float. */
function isIeeeFloat(cursor: Cursor, offset: number, size: number): boolean {
  const [exponent, fraction] = [cursor.u8(offset + 13), cursor.u8(offset + 15)];
  return IEEE[size]?.[0] === exponent && IEEE[size][1] === fraction;
}

/** The shape in a dataspace message: [] for a single value, undefined for no value. */
export function readDataspace(cursor: Cursor, offset: number): number[] | undefined {
  const version = cursor.u8(offset);
  if (version !== 1 && version !== 2) cursor.fail(`a dataspace of version ${version}`, offset);
  const rank = cursor.u8(offset + 1);
  const isNull = version === 2 && cursor.u8(offset + 3) === 2;
  if (isNull) return undefined;
  const sizesOffset = offset + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => cursor.u64(sizesOffset + 8 * axis));
}

export const elementCount = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
