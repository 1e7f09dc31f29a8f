import { describe, expect, it } from 'vitest';
import { inflateChunks, inflateSync, type InflateSyncOptions } from '../src/index.js';
import { fixture, TEXT } from './support.js';

const BLOCKS = ['stored', 'fixed', 'dynamic'];

const unpack = (bytes: Uint8Array, options: Partial<InflateSyncOptions> = {}) =>
  inflateSync([bytes], { name: 'a', maxBytes: 1 << 20, ...options });

/** Bytes in chunks of a size. */
function chunked(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

describe('inflateSync', () => {
  it.each(BLOCKS)('unpacks %s blocks of zlib and raw deflate data, in chunks of any size', (name) => {
    for (const size of [1, 3, 100, 1 << 20]) {
      const options = { name: 'a', maxBytes: TEXT.length };
      expect(inflateSync(chunked(fixture(`${name}.zlib`), size), options)).toEqual(TEXT);
      const raw = chunked(fixture(`${name}.deflate`), size);
      expect(inflateSync(raw, { ...options, format: 'deflate-raw' })).toEqual(TEXT);
    }
  });

  it.each(BLOCKS)('refuses %s zlib data whose Adler-32 is wrong', (name) => {
    const damaged = fixture(`${name}.zlib`);
    damaged[damaged.length - 1] ^= 1;
    expect(() => unpack(damaged)).toThrow(/^a: expected the Adler-32 [\da-f]{8}, got [\da-f]{8}$/);
    // inflateChunks leaves the checksum to its caller.
    expect([...inflateChunks([damaged], { name: 'a', maxBytes: 1 << 20 })].length).toBeGreaterThan(0);
  });

  it.each(BLOCKS)('refuses %s zlib data that is cut off anywhere, or has bytes after its end', (name) => {
    const bytes = fixture(`${name}.zlib`);
    for (let length = 0; length < bytes.length; length++)
      expect(() => unpack(bytes.subarray(0, length))).toThrow(/^a: expected/);
    expect(() => unpack(Uint8Array.of(...bytes, 0))).toThrow(/^a: expected/);
  });

  it('refuses data of another format', () => {
    expect(() => unpack(fixture('text.gz'))).toThrow('a: expected zlib data, found a damaged stream');
    expect(() => unpack(fixture('text.gz'), { format: 'deflate-raw' })).toThrow(
      'a: expected deflate data, found',
    );
    expect(() => unpack(new Uint8Array(0))).toThrow('a: expected zlib data');
  });

  it('refuses data that unpacks to more than the limit: a bomb ends near it', () => {
    expect(() => unpack(fixture('dynamic.zlib'), { maxBytes: TEXT.length - 1 })).toThrow(
      `a: expected at most ${TEXT.length - 1} bytes when unpacked, found more`,
    );
    expect(() => unpack(fixture('bomb.zlib'), { maxBytes: 1000 })).toThrow('a: expected at most 1000 bytes');
  });

  it('ends at the limit with truncate', () => {
    for (const maxBytes of [0, 1, 100, TEXT.length])
      expect(unpack(fixture('dynamic.zlib'), { maxBytes, truncate: true })).toEqual(TEXT.slice(0, maxBytes));
    expect(unpack(fixture('bomb.zlib'), { maxBytes: 1000, truncate: true })).toEqual(new Uint8Array(1000));
    // Data that ends before the limit is verified.
    const damaged = fixture('dynamic.zlib');
    damaged[damaged.length - 1] ^= 1;
    expect(() => unpack(damaged, { truncate: true })).toThrow('the Adler-32');
  });
});

describe('inflateChunks', () => {
  it('yields the unpacked bytes step by step, with little memory', () => {
    const lengths = [...inflateChunks([fixture('bomb.zlib')], { name: 'a', maxBytes: 8 << 20 })].map(
      ({ length }) => length,
    );
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(8 << 20);
  });
});
