import { describe, expect, it } from 'vitest';
import { fileType, firstBytes } from '../src/index.js';
import { fixture } from './support.js';

describe('fileType', () => {
  it.each([
    ['deflated.zip', 'zip'],
    ['no-entries.zip', 'zip'],
    ['text.gz', 'gzip'],
    ['ustar.tar', 'tar'],
    ['gnu.tar', 'tar'],
    ['pax.tar', 'tar'],
    ['float32.npy', 'npy'],
    ['values-protocol2.pickle', 'pickle'],
    ['values-protocol4.pickle', 'pickle'],
    ['protocol5.pickle', 'pickle'],
    ['dynamic.zlib', undefined],
    ['make.py', undefined],
  ])('of %s is %s', (name, type) => expect(fileType(fixture(name))).toBe(type));

  it.each([
    ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['hdf5', [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]],
  ])('is %s for its signature', (type, bytes) => {
    expect(fileType(Uint8Array.from(bytes))).toBe(type);
    expect(fileType(Uint8Array.from(bytes.slice(0, 1)))).toBeUndefined();
  });

  it('of an empty file is undefined', () => expect(fileType(new Uint8Array(0))).toBeUndefined());
});

describe('firstBytes', () => {
  it('shows at most four bytes', () => {
    expect(firstBytes(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1))).toBe('89 50 4e 47');
    expect(firstBytes(Uint8Array.of(7))).toBe('07');
    expect(firstBytes(new Uint8Array(0))).toBe('nothing');
  });
});
