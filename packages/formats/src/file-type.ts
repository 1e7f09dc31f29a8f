import { expectBytes } from '@convlens/core';

/** The bytes that files of each type begin with, or have at `offset`. */
const SIGNATURES = [
  { type: 'png', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'jpeg', bytes: [0xff, 0xd8] },
  { type: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  // A zip without entries.
  { type: 'zip', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { type: 'gzip', bytes: [0x1f, 0x8b] },
  { type: 'hdf5', bytes: [0x89, 0x48, 0x44, 0x46] },
  { type: 'npy', bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  // Protocols 2 to 5; earlier ones have no signature.
  { type: 'pickle', bytes: [0x80, 2] },
  { type: 'pickle', bytes: [0x80, 3] },
  { type: 'pickle', bytes: [0x80, 4] },
  { type: 'pickle', bytes: [0x80, 5] },
  // "ustar".
  { type: 'tar', bytes: [0x75, 0x73, 0x74, 0x61, 0x72], offset: 257 },
] as const;

/** A file format that `fileType` recognizes. */
export type FileType = (typeof SIGNATURES)[number]['type'];

/** The format of a file, by its signature; undefined if it has none of those that are recognized. */
export function fileType(bytes: Uint8Array): FileType | undefined {
  expectBytes('bytes', bytes);
  return SIGNATURES.find((signature) => {
    const offset = 'offset' in signature ? signature.offset : 0;
    return signature.bytes.every((byte, i) => bytes[offset + i] === byte);
  })?.type;
}

/** The first four bytes of a file for messages: "89 50 4e 47"; "nothing" for an empty file. */
export function firstBytes(bytes: Uint8Array): string {
  expectBytes('bytes', bytes);
  return (
    Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing'
  );
}
