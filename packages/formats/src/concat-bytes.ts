import { expectList, expectBytes } from '@convlens/core';

/** The bytes of all parts, one part after the other, in a new array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  expectList('parts', parts, expectBytes);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
