import { expect, it } from 'vitest';

// test/support/setup/fast-equality.ts must not change what is equal.
it.each([
  [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)],
  [Uint8Array.of(1, 2), Int8Array.of(1, 2)],
  [Uint8Array.of(1, 2), Buffer.from([1, 2])],
  [Float32Array.of(0), Float32Array.of(-0)],
  [Float32Array.of(1), Int32Array.of(0x3f800000)],
  [Uint8Array.of(1), [1]],
])('%o does not equal %o', (a, b) => {
  expect(a).not.toEqual(b);
  expect({ a: [a] }).not.toEqual({ a: [b] });
});

it.each([
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  [Uint8Array.of(9, 1, 2).subarray(1), Uint8Array.of(1, 2)],
  [Float64Array.of(NaN, -0), Float64Array.of(NaN, -0)],
])('%o equals %o', (a, b) => {
  expect(a).toEqual(b);
  expect(new Map([['a', a]])).toEqual(new Map([['a', b]]));
});
