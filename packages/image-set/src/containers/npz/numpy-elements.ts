import { InputError } from '@convlens/core';
import { decodeFloat16, type NumpyArray } from '@convlens/formats';

/** A NumPy array as numbers or texts. */
export interface NumpyElements {
  readonly name: string;
  readonly shape: readonly number[];
  /** The distance between elements that follow along each axis. */
  readonly strides: readonly number[];
  readonly kind: 'number' | 'text';
  readonly isFloat: boolean;
  /** The elements themselves, where they are bytes in C order. */
  readonly bytes?: Uint8Array;
  /** The element at a position in memory. */
  at(offset: number): number | string;
}

type Read = (view: DataView, offset: number, isLittle: boolean) => number;

const NUMBERS: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  f2: (view, at, isLittle) => decodeFloat16(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
};

/**
 * The elements of an array.
 *
 * @param name the name of the array in messages
 * @throws InputError if they are neither numbers nor texts
 */
export function elementsOf(array: NumpyArray & { readonly bytes: Uint8Array }, name: string): NumpyElements {
  const { shape, dtype, fortranOrder, bytes } = array;
  const [, order, kind, size] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(dtype) ?? [];
  const isLittle = order !== '>';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const common = { name, shape, strides: stridesOf(shape, fortranOrder) };
  const read = NUMBERS[`${kind}${size}`];
  if (read) {
    const isBytes = kind === 'u' && size === '1' && !fortranOrder;
    return {
      ...common,
      kind: 'number',
      isFloat: kind === 'f',
      ...(isBytes && { bytes }),
      at: (offset) => read(view, offset * Number(size), isLittle),
    };
  }
  if (kind !== 'U' && kind !== 'S')
    throw new InputError(`${name}: expected an array of numbers or texts, got the type ${dtype}`);
  const text = kind === 'U' ? unicodeAt : asciiAt;
  return {
    ...common,
    kind: 'text',
    isFloat: false,
    at: (offset) => text(view, { offset, length: Number(size), isLittle }),
  };
}

function stridesOf(shape: readonly number[], fortranOrder: boolean): number[] {
  const strides = shape.map(() => 1);
  if (fortranOrder) for (let i = 1; i < shape.length; i++) strides[i] = strides[i - 1] * shape[i - 1];
  else for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

interface TextPlace {
  readonly offset: number;
  readonly length: number;
  readonly isLittle: boolean;
}

/** A text of a fixed number of characters of 4 bytes, filled up with zeros. */
function unicodeAt(view: DataView, { offset, length, isLittle }: TextPlace): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const code = view.getUint32(4 * (offset * length + i), isLittle);
    if (code === 0) break;
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

function asciiAt(view: DataView, { offset, length }: TextPlace): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset * length, length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? length : end));
}
