import { InputError, type CallbackState } from '@convlens/core';

/** A tensor of an optimizer, by the name that the optimizer has for it. */
export interface SavedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a training needs to go on after a number of whole epochs. */
export interface Backup {
  readonly epochs: number;
  readonly learningRate: number;
  readonly weights: readonly Float32Array[];
  readonly optimizer: readonly SavedTensor[];
  readonly callbacks: Readonly<Record<string, CallbackState>>;
}

/** One blob: the length of the text (32 bits, little endian), the text as JSON, and all numbers of the arrays it names. */
export function packBackup(backup: Backup): Uint8Array {
  const arrays: Float32Array[] = [];
  let count = 0;
  const text = JSON.stringify(backup, (_, value) => {
    if (value instanceof Float32Array) {
      arrays.push(value);
      return { float32: [(count += value.length) - value.length, value.length] };
    }
    return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
  });
  const json = new TextEncoder().encode(text);
  const packed = new Uint8Array(4 + json.length + 4 * count);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, 4);
  let offset = 4 + json.length;
  for (const array of arrays) {
    packed.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return packed;
}

/** Reads what packBackup wrote; throws an InputError that names the place if it is not whole. */
export function unpackBackup(bytes: Uint8Array, location: string): Backup {
  const damaged = () =>
    new InputError(`Expected ${location} to be a whole backup, got ${bytes.length} other bytes`);
  if (bytes.length < 4) throw damaged();
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  // A copy, because numbers of 32 bits must begin at a multiple of four bytes.
  const numbers = bytes.slice(start);
  const arrayOf = ([offset, length]: [number, number]) => {
    if (4 * (offset + length) > numbers.length) throw damaged();
    return new Float32Array(numbers.buffer, 4 * offset, length).slice();
  };
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)), (_, value) => {
      if (Array.isArray(value?.float32)) return arrayOf(value.float32);
      return typeof value?.number === 'string' ? Number(value.number) : value;
    }) as Backup;
  } catch {
    throw damaged();
  }
}
