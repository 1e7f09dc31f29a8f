import { InputError } from '@convlens/core';

/*
 * A value and its arrays in one file: magic, SHA-256 of what follows, length of the JSON, the JSON, the floats. In the
 * JSON an array stands as { "$floats": [offset, length] }, and a number that JSON cannot write as { "$number": "NaN" }.
 */
const MAGIC = 0x4b4c5643; // "CVLK"
const HEADER = 4 + 32 + 4;

const sha256 = async (bytes: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

/** Turns a plain value with Float32Arrays in it into bytes that `unpack` can verify. */
export async function pack(value: unknown): Promise<Uint8Array> {
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
  view.setUint32(36, padded.length, true);
  bytes.set(await sha256(bytes.subarray(36)), 4);
  return bytes;
}

/** The inverse of `pack`. Throws an InputError if the bytes are not whole and unchanged. */
export async function unpack(bytes: Uint8Array): Promise<unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC)
    throw new InputError(`not a checkpoint, or the first of its ${bytes.length} bytes are lost`);
  const digest = await sha256(bytes.subarray(36));
  if (!digest.every((byte, i) => byte === bytes[4 + i]))
    throw new InputError(`its checksum does not fit its ${bytes.length} bytes: truncated or changed`);
  const start = HEADER + view.getUint32(36, true);
  // A copy, since floats must be aligned; not by the own `slice` of a Buffer, which copies nothing.
  const floats = new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, start)), (_, part) => {
    if (part?.$floats) return floats.slice(part.$floats[0], part.$floats[0] + part.$floats[1]);
    return part?.$number ? Number(part.$number) : part;
  });
}
