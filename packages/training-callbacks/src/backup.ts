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

const CHECKSUM = 32;
const HEADER = CHECKSUM + 4;

const checksumOf = async (packed: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', packed.slice(CHECKSUM)));

/**
 * One blob: the SHA-256 of what follows, the length of the text (32 bits, little endian), the text as JSON, and all numbers
 * of the arrays it names.
 */
export async function packBackup(backup: Backup): Promise<Uint8Array> {
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
  const packed = new Uint8Array(HEADER + json.length + 4 * count);
  new DataView(packed.buffer).setUint32(CHECKSUM, json.length, true);
  packed.set(json, HEADER);
  let offset = HEADER + json.length;
  for (const array of arrays) {
    packed.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  packed.set(await checksumOf(packed));
  return packed;
}

/** Reads what packBackup wrote; throws an InputError that names the place if it is not whole and unchanged. */
export async function unpackBackup(bytes: Uint8Array, location: string): Promise<Backup> {
  const checksum = await checksumOf(bytes);
  if (bytes.length < HEADER || !checksum.every((byte, i) => byte === bytes[i]))
    throw new InputError(`Expected ${location} to be a whole backup, got ${bytes.length} other bytes`);
  const start = HEADER + new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHECKSUM, true);
  // A copy, because numbers of 32 bits must begin at a multiple of four bytes; the `slice` of a Buffer is none.
  const numbers = Uint8Array.from(bytes.subarray(start));
  const arrayOf = ([offset, length]: [number, number]) =>
    new Float32Array(numbers.buffer, 4 * offset, length).slice();
  return JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, start)), (_, value) => {
    if (Array.isArray(value?.float32)) return arrayOf(value.float32);
    return typeof value?.number === 'string' ? Number(value.number) : value;
  }) as Backup;
}
