import { decodeFloat16 } from '@convlens/formats';

/** The values of a named array of a state dict, row-major. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** How the values of a data type are read. */
export interface ValueType {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

/** The data types by their names in safetensors files. */
export const VALUE_TYPES = {
  F64: { bytes: 8, read: (view: DataView, offset: number) => view.getFloat64(offset, true) },
  F32: { bytes: 4, read: (view: DataView, offset: number) => view.getFloat32(offset, true) },
  F16: { bytes: 2, read: (view: DataView, offset: number) => decodeFloat16(view.getUint16(offset, true)) },
  BF16: { bytes: 2, read: (view: DataView, offset: number) => decodeBfloat16(view.getUint16(offset, true)) },
  I64: { bytes: 8, read: (view: DataView, offset: number) => Number(view.getBigInt64(offset, true)) },
  I32: { bytes: 4, read: (view: DataView, offset: number) => view.getInt32(offset, true) },
  I16: { bytes: 2, read: (view: DataView, offset: number) => view.getInt16(offset, true) },
  I8: { bytes: 1, read: (view: DataView, offset: number) => view.getInt8(offset) },
  U8: { bytes: 1, read: (view: DataView, offset: number) => view.getUint8(offset) },
  BOOL: { bytes: 1, read: (view: DataView, offset: number) => view.getUint8(offset) },
} satisfies Readonly<Record<string, ValueType>>;

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** A bfloat16 is the upper half of a float32. */
function decodeBfloat16(bits: number): number {
  floatBits[0] = bits << 16;
  return float[0];
}

/** All values in a part of a file as float32. */
export function readNumbers(data: Uint8Array, type: ValueType): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const values = new Float32Array(data.length / type.bytes);
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, i * type.bytes);
  return values;
}
