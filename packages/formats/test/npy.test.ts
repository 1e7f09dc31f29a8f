import { describe, expect, it } from 'vitest';
import { readNpy } from '../src/index.js';
import { base64Of, expected, fixture } from './support.js';

const read = (bytes: Uint8Array) => readNpy(bytes, { name: 'a.npy' });

describe('readNpy', () => {
  it.each(Object.entries(expected.npy))('reads the array "%s" that NumPy saved', (name, reference) => {
    const { shape, dtype, fortranOrder, bytes } = read(fixture(`${name}.npy`));
    expect({ shape, dtype, fortranOrder, bytes: base64Of(bytes) }).toEqual(reference);
  });

  it.each(['version2.npy', 'version3.npy'])('reads %s of the format', (name) => {
    const { shape, bytes } = read(fixture(name));
    expect([shape, base64Of(bytes)]).toEqual([expected.npy.float32.shape, expected.npy.float32.bytes]);
  });

  it('returns a view of the file', () => {
    const file = fixture('bytes.npy');
    expect(read(file).bytes.buffer).toBe(file.buffer);
  });

  it.each([
    ['objects.npy', 'a.npy: expected numbers, booleans or strings, found elements of type |O'],
    ['records.npy', "a.npy: expected the header of a plain array, found {'descr': [('a'"],
    ['text.gz', 'a.npy: expected a .npy file, found a file that begins with 1f 8b 08 00'],
  ])('refuses %s', (name, message) => expect(() => read(fixture(name))).toThrow(message));

  it('refuses another version, and files that are cut off or too long', () => {
    const file = fixture('float32.npy');
    const future = file.slice();
    future[6] = 4;
    expect(() => read(future)).toThrow('a.npy: expected version 1, 2 or 3 of the format, found version 4');
    for (let length = 0; length < file.length; length++)
      expect(() => read(file.subarray(0, length))).toThrow(/^a\.npy: expected/);
    expect(() => read(Uint8Array.of(...file, 0))).toThrow(
      'a.npy: expected 24 bytes for the shape (2, 3), found 25',
    );
  });

  it.each([
    ["{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000000,), }", 'elements of type <U0'],
    [
      `{'descr': '|u1', 'fortran_order': False, 'shape': (${'1, '.repeat(65)}), }`,
      'at most 64 dimensions, found 65',
    ],
    [
      "{'descr': '|u1', 'fortran_order': False, 'shape': (9007199254740993, 2), }",
      'for the shape (9007199254740993, 2)',
    ],
    [
      `{'descr': '|u1', 'fortran_order': False, 'shape': (0, ${'9'.repeat(400)}), }`,
      'NaN bytes for the shape (0, 999',
    ],
    ["{'descr': '\u001b[2J', 'fortran_order': False, 'shape': (1,), }", 'elements of type \\u001b[2J'],
  ])('refuses the header %s', (header, message) => {
    const bytes = new Uint8Array(
      Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.alloc(2), Buffer.from(header)]),
    );
    new DataView(bytes.buffer).setUint16(8, header.length, true);
    expect(() => read(bytes)).toThrow(message);
  });
});
