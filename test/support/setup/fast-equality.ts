import { expect } from 'vitest';

/** The bytes of a typed array; of anything else undefined. */
const bytesOf = (value: unknown) =>
  ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;

// Runs before each test file. Vitest takes a second for 65,536 equal numbers in typed arrays. Arrays of one class with the
// same bytes are equal; all others are left to Vitest.
expect.addEqualityTesters([
  (a: unknown, b: unknown) => {
    const [left, right] = [bytesOf(a), bytesOf(b)];
    const isSame = left && right && Object(a).constructor === Object(b).constructor && left.equals(right);
    return isSame ? true : undefined;
  },
]);
