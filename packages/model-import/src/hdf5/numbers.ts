import { decodeFloat16 } from '@convlens/formats';
import type { Datatype } from './datatype.js';

/** Converts floats of 2, 4 or 8 bytes and integers of 1, 2, 4 or 8 bytes to float32. */
export function readNumbers(bytes: Uint8Array, { kind, size, bigEndian }: Datatype): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readNumber = READ_NUMBER[kind][size];
  const values = new Float32Array(Math.floor(bytes.length / size));
  for (let i = 0; i < values.length; i++) values[i] = readNumber(view, i * size, !bigEndian);
  return values;
}

type ReadNumber = (view: DataView, offset: number, littleEndian: boolean) => number;

/** By kind, then by bytes per element. */
const READ_NUMBER: Readonly<Record<string, Readonly<Record<number, ReadNumber>>>> = {
  float: {
    2: (view, offset, littleEndian) => decodeFloat16(view.getUint16(offset, littleEndian)),
    4: (view, offset, littleEndian) => view.getFloat32(offset, littleEndian),
    8: (view, offset, littleEndian) => view.getFloat64(offset, littleEndian),
  },
  integer: {
    1: (view, offset) => view.getInt8(offset),
    2: (view, offset, littleEndian) => view.getInt16(offset, littleEndian),
    4: (view, offset, littleEndian) => view.getInt32(offset, littleEndian),
    8: (view, offset, littleEndian) => Number(view.getBigInt64(offset, littleEndian)),
  },
  'unsigned-integer': {
    1: (view, offset) => view.getUint8(offset),
    2: (view, offset, littleEndian) => view.getUint16(offset, littleEndian),
    4: (view, offset, littleEndian) => view.getUint32(offset, littleEndian),
    8: (view, offset, littleEndian) => Number(view.getBigUint64(offset, littleEndian)),
  },
};
