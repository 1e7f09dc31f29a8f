import { utf8, type Cursor } from './cursor.js';

/** How one element is written. */
export interface ElementType {
  readonly kind: 'integer' | 'natural' | 'float' | 'string' | 'shared-string' | 'other';
  /** Bytes of one element. */
  readonly size: number;
  readonly bigEndian: boolean;
}

const KINDS: Record<number, ElementType['kind']> = { 0: 'integer', 1: 'float', 3: 'string' };

export function readType(cursor: Cursor, at: number): ElementType {
  const number = cursor.u8(at) & 0x0f;
  const bits = cursor.u8(at + 1);
  const isText = number === 9 && (bits & 0x0f) === 1;
  const size = cursor.u32(at + 4);
  const kind = isText ? 'shared-string' : (KINDS[number] ?? 'other');
  const bigEndian = (bits & 1) === 1;
  if (kind === 'integer') return { kind: bits & 8 ? kind : 'natural', size, bigEndian };
  if (kind === 'float' && !isIeee(cursor, at, size)) return { kind: 'other', size, bigEndian };
  return { kind, size, bigEndian };
}

/** Bits of the exponent and of the fraction of an IEEE 754 number, by its bytes. */
const IEEE: Readonly<Record<number, readonly [exponent: number, fraction: number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
};

/** HDF5 describes floats bit by bit, so that one of 2 bytes may also be a bfloat16. */
function isIeee(cursor: Cursor, at: number, size: number): boolean {
  const [exponent, fraction] = [cursor.u8(at + 13), cursor.u8(at + 15)];
  return IEEE[size]?.[0] === exponent && IEEE[size][1] === fraction;
}

/** The extent of an array: [] for a single value, undefined for none at all. */
export function readShape(cursor: Cursor, at: number): number[] | undefined {
  const version = cursor.u8(at);
  if (version !== 1 && version !== 2) cursor.fail(`a data space of version ${version}`, at);
  const rank = cursor.u8(at + 1);
  if (version === 2 && cursor.u8(at + 3) === 2) return undefined;
  const first = at + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => cursor.u64(first + 8 * axis));
}

export const countOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** `count` strings, each of fixed length or (as Python writes them) in a heap that all share. */
export function readStrings(
  cursor: Cursor,
  at: number,
  { kind, size, count }: ElementType & { count: number },
): string[] | undefined {
  if (kind !== 'string' && kind !== 'shared-string') return undefined;
  if (size === 0) cursor.fail('texts of no size', at);
  cursor.slice(at, size * count);
  return Array.from({ length: count }, (_, i) => {
    const place = at + i * size;
    if (kind === 'string') return cursor.text(place, place + size);
    const length = cursor.u32(place);
    return length === 0 ? '' : utf8(fromHeap(cursor, place).subarray(0, length)).replace(/\0+$/, '');
  });
}

/** The bytes of one object of a global heap: HDF5 file format, section III.E. */
function fromHeap(cursor: Cursor, reference: number): Uint8Array {
  const collection = cursor.u64(reference + 4);
  const wanted = cursor.u32(reference + 12);
  cursor.expectSignature('GCOL', collection);
  const end = collection + cursor.u64(collection + 8);
  for (let at = collection + 16; at + 16 <= end;) {
    cursor.visit(at);
    const [index, size] = [cursor.u16(at), cursor.u64(at + 8)];
    if (index === wanted) {
      cursor.visit(at, size);
      return cursor.slice(at + 16, size);
    }
    if (index === 0) break;
    at += 16 + Math.ceil(size / 8) * 8;
  }
  return cursor.fail(`no text ${wanted} in the heap that is referred to`, reference);
}

/** Numbers as float32: floats of 2, 4 or 8 bytes, whole numbers of 1, 2, 4 or 8. */
export function readNumbers(bytes: Uint8Array, { kind, size, bigEndian }: ElementType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !bigEndian;
  const count = Math.floor(bytes.length / size);
  const values = new Float32Array(count);
  const read = reader(view, { kind, size, little });
  for (let i = 0; i < count; i++) values[i] = read(i * size);
  return values;
}

function reader(
  view: DataView,
  { kind, size, little }: Pick<ElementType, 'kind' | 'size'> & { little: boolean },
) {
  if (kind === 'float' && size === 2) return (at: number) => half(view.getUint16(at, little));
  if (kind === 'float' && size === 8) return (at: number) => view.getFloat64(at, little);
  if (kind === 'float') return (at: number) => view.getFloat32(at, little);
  if (kind === 'natural') return naturalReader(view, size, little);
  if (size === 1) return (at: number) => view.getInt8(at);
  if (size === 2) return (at: number) => view.getInt16(at, little);
  if (size === 4) return (at: number) => view.getInt32(at, little);
  return (at: number) => Number(view.getBigInt64(at, little));
}

function naturalReader(view: DataView, size: number, little: boolean) {
  if (size === 1) return (at: number) => view.getUint8(at);
  if (size === 2) return (at: number) => view.getUint16(at, little);
  if (size === 4) return (at: number) => view.getUint32(at, little);
  return (at: number) => Number(view.getBigUint64(at, little));
}

/** A float of 16 bits: IEEE 754 binary16. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 25) * (fraction + 1024);
}
