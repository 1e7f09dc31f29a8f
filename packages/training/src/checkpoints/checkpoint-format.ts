import { InputError } from '@convlens/core';
import { parseJson, resolveArrays } from '@convlens/storage';

/*
 * A value and its arrays in one file: the magic number, the SHA-256 of the bytes after it, the length of the
 * JSON, the JSON, the floats. In the JSON an array is { "$floats": [offset, length] }, and a number that JSON
 * does not have is { "$number": "NaN" }.
 */
const MAGIC = 0x4b4c5643; // "CVLK"
const HASH_START = 4;
const LENGTH_START = HASH_START + 32;
const HEADER = LENGTH_START + 4;

/** What messages call the JSON. */
export const CONTENT = 'its content';

const sha256 = async (bytes: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

/** A plain value that may hold Float32Arrays, as bytes that `unpackCheckpoint` verifies. */
export async function packCheckpoint(value: unknown): Promise<Uint8Array> {
  const arrays: Float32Array[] = [];
  let length = 0;
  const json = JSON.stringify(value, (_, part) => {
    if (part instanceof Float32Array) {
      arrays.push(part);
      length += part.length;
      return { $floats: [length - part.length, part.length] };
    }
    return typeof part === 'number' && !Number.isFinite(part) ? { $number: String(part) } : part;
  });
  const text = new TextEncoder().encode(json);
  // Padded with spaces, so that the floats are aligned.
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(0x20);
  padded.set(text);
  const bytes = new Uint8Array(HEADER + padded.length + length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(padded, HEADER);
  const floats = new Float32Array(bytes.buffer, HEADER + padded.length);
  arrays.reduce((offset, array) => (floats.set(array, offset), offset + array.length), 0);
  view.setUint32(0, MAGIC, true);
  view.setUint32(LENGTH_START, padded.length, true);
  bytes.set(await sha256(bytes.subarray(LENGTH_START)), HASH_START);
  return bytes;
}

/**
 * The inverse of `packCheckpoint`.
 *
 * @throws InputError if the bytes are incomplete or changed.
 */
export async function unpackCheckpoint(bytes: Uint8Array): Promise<unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC)
    throw new InputError(`not a checkpoint, or the beginning of its ${bytes.length} bytes is damaged`);
  const digest = await sha256(bytes.subarray(LENGTH_START));
  if (!digest.every((byte, i) => byte === bytes[HASH_START + i]))
    throw new InputError(`its checksum does not match its ${bytes.length} bytes: truncated or changed`);
  const start = HEADER + view.getUint32(LENGTH_START, true);
  if (start > bytes.length || (bytes.length - start) % 4 !== 0)
    throw new InputError(
      `its JSON ends at byte ${start} of ${bytes.length}, which leaves no floats of 4 bytes`,
    );
  // A copy, because floats must be aligned. Not `bytes.slice`, which copies nothing if the bytes are a
  // Buffer.
  const floats = new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
  const json = parseJson(bytes.subarray(HEADER, start), CONTENT);
  return resolveArrays(json, CONTENT, { arrayField: '$floats', numberField: '$number', floats });
}
