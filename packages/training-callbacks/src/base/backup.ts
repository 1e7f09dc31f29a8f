import { InputError, type CallbackState } from '@convlens/core';
import {
  callbackState,
  dictionary,
  expectSchema,
  floatArray,
  integer,
  list,
  openObject,
  parseJson,
  resolveArrays,
} from '@convlens/storage';
import * as v from 'valibot';
import type { OptimizerTensor } from './optimizer-tensors.js';
import type { SavedWeights } from './weights.js';

export const BACKUP_VERSION = 2;

const namedWeights = (): v.GenericSchema<unknown, SavedWeights> =>
  v.pipe(
    openObject({ names: list(v.string()), values: list(floatArray()) }),
    v.check(({ names, values }) => names.length === values.length, 'as many names as arrays'),
  );

const weightsInOrder = (): v.GenericSchema<unknown, SavedWeights> =>
  v.pipe(
    list(floatArray()),
    v.transform((values) => ({ values })),
  );

const optimizerTensor = (): v.GenericSchema<unknown, OptimizerTensor> =>
  v.pipe(
    openObject({
      name: v.string(),
      weight: v.optional(v.string()),
      shape: list(integer()),
      values: floatArray(),
    }),
    v.check(
      ({ shape, values }) => shape.reduce((product, size) => product * size, 1) === values.length,
      'as many values as its shape says',
    ),
  );

/** The state of each callback by its name. An interface: declarations keep its name, and TypeScript before 5.7 knows it. */
interface CallbackStates {
  readonly [stateName: string]: CallbackState;
}

const callbackStates = (): v.GenericSchema<unknown, CallbackStates> => dictionary(callbackState());

const backupSchema = () =>
  openObject({
    /** Absent in backups of version 1, whose weights and slots have no names. */
    version: v.optional(v.literal(BACKUP_VERSION, String(BACKUP_VERSION))),
    /** The number of complete epochs. */
    epochs: integer({ min: 1 }),
    learningRate: v.custom<number>((value) => typeof value === 'number', 'a number'),
    /** In version 1 only the values, in the order of getWeights. */
    weights: v.lazy((weights) => (Array.isArray(weights) ? weightsInOrder() : namedWeights())),
    /** The class of the optimizer. Absent in version 1. */
    optimizerClass: v.optional(v.string()),
    optimizer: list(optimizerTensor()),
    callbacks: callbackStates(),
  });

/** Everything that a training needs to continue. */
export type Backup = Readonly<v.InferOutput<ReturnType<typeof backupSchema>>>;

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
 * @throws InputError that names `location` if the bytes are incomplete or changed, of a later version, or not what
 * `packBackup` writes.
 */
export async function unpackBackup(bytes: Uint8Array, location: string): Promise<Backup> {
  const checksum = await sha256(bytes);
  if (bytes.length < HEADER_BYTES || !checksum.every((byte, i) => byte === bytes[i]))
    throw new InputError(`Expected ${location} to be an intact backup, got ${bytes.length} other bytes`);
  const start = HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHECKSUM_BYTES, true);
  if (start > bytes.length || (bytes.length - start) % 4 !== 0)
    throw new InputError(
      `Expected ${location} to hold numbers of 4 bytes after its JSON, got ${bytes.length - start} bytes`,
    );
  // A copy, because float32 arrays must be aligned to four bytes. Not `slice`, which copies nothing if it is
  // a Buffer.
  const floats = new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
  const json = parseJson(bytes.subarray(HEADER_BYTES, start), location);
  const fields = { arrayField: 'float32', numberField: 'number', floats };
  const content = resolveArrays(json, location, fields);
  const version = Number((content as { version?: unknown } | null)?.version ?? 1);
  if (version > BACKUP_VERSION)
    throw new InputError(
      `Expected ${location} to be a backup of version ${BACKUP_VERSION} or earlier, got ${version}`,
    );
  return expectSchema(content, backupSchema(), location);
}
