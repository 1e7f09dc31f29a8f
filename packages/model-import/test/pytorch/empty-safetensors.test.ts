import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/index.js';

it.each([
  [0, 'found 0 bytes'],
  [7, 'found 7 bytes'],
  // The length of the header is complete: 0 bytes, which are no JSON.
  [8, 'found another one (Expected the header to be JSON: '],
])('a safetensors file of %i bytes is refused', (length, message) => {
  expect(() => readSafetensors(new Uint8Array(length), { fileName: 'a.safetensors' })).toThrow(
    `Expected a.safetensors to be a safetensors file, ${message}`,
  );
});

it('the file is called "the file" without a name', () => {
  expect(() => readSafetensors(new Uint8Array(3))).toThrow(
    'Expected the file to be a safetensors file, found 3 bytes',
  );
});
