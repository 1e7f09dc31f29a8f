import { InputError, type CallbackState } from '@convlens/core';
import type { OptimizerTensor } from './optimizer-tensors.js';
import type { SavedWeights } from './weights.js';

/** Everything that a training needs to continue. */
export interface Backup {
  /** Absent in backups of version 1, whose weights and slots have no names. */
  readonly version?: typeof BACKUP_VERSION;
  /** The number of complete epochs. */
  readonly epochs: number;
  readonly learningRate: number;
  /** In version 1 only the values, in the order of getWeights. */
  readonly weights: SavedWeights | readonly Float32Array[];
  /** The class of the optimizer. Absent in version 1. */
  readonly optimizerClass?: string;
  readonly optimizer: readonly OptimizerTensor[];
  readonly callbacks: Readonly<Record<string, CallbackState>>;
}

export const BACKUP_VERSION = 2;

const CHECKSUM_BYTES = 32;
const HEADER_BYTES = CHECKSUM_BYTES + 4;

const sha256 = async (packed: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', packed.slice(CHECKSUM_BYTES)));

/**
 * A backup as bytes: the SHA-256 of the bytes after it, the length of the JSON (32 bits, little endian), the
 * JSON, and the numbers of the arrays that it refers to.
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
  const packed = new Uint8Array(HEADER_BYTES + json.length + 4 * count);
  new DataView(packed.buffer).setUint32(CHECKSUM_BYTES, json.length, true);
  packed.set(json, HEADER_BYTES);
  let offset = HEADER_BYTES + json.length;
  for (const array of arrays) {
    packed.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  packed.set(await sha256(packed));
  return packed;
}

/**
 * The inverse of `packBackup`.
 *
 * @throws InputError that names `location` if the bytes are incomplete or changed, or of a later version.
 */
export async function unpackBackup(bytes: Uint8Array, location: string): Promise<Backup> {
  const checksum = await sha256(bytes);
  if (bytes.length < HEADER_BYTES || !checksum.every((byte, i) => byte === bytes[i]))
    throw new InputError(`Expected ${location} to be an intact backup, got ${bytes.length} other bytes`);
  const start = HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHECKSUM_BYTES, true);
  // A copy, because float32 arrays must be aligned to four bytes. Not `slice`, which copies nothing if it is
  // a Buffer.
  const numbers = Uint8Array.from(bytes.subarray(start));
  const arrayOf = ([offset, length]: [number, number]) =>
    new Float32Array(numbers.buffer, 4 * offset, length).slice();
  const backup = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, start)), (_, value) => {
    if (Array.isArray(value?.float32)) return arrayOf(value.float32);
    return typeof value?.number === 'string' ? Number(value.number) : value;
  }) as Backup;
  const { version = 1 } = backup as { version?: number };
  if (version > BACKUP_VERSION)
    throw new InputError(
      `Expected ${location} to be a backup of version ${BACKUP_VERSION} or earlier, got ${version}`,
    );
  return backup;
}
