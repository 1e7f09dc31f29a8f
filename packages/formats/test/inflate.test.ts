import { describe, expect, it } from 'vitest';
import { inflate, type InflateOptions } from '../src/index.js';
import { chunksOf, collect, fixture, TEXT } from './support.js';

const FILES = [
  ['text.gz', 'gzip'],
  ['stored.zlib', 'deflate'],
  ['fixed.zlib', 'deflate'],
  ['dynamic.zlib', 'deflate'],
] as const;

const unpack = (bytes: Uint8Array, options: Partial<InflateOptions> = {}, size?: number) =>
  collect(inflate(chunksOf(bytes, size), { format: 'gzip', name: 'a', maxBytes: 1 << 20, ...options }));

describe('inflate', () => {
  it.each(FILES)('unpacks %s, in chunks of any size', async (name, format) => {
    for (const size of [1, 100, 1 << 20]) expect(await unpack(fixture(name), { format }, size)).toEqual(TEXT);
  });

  it.each(FILES)('refuses %s if a checksum is wrong', async (name, format) => {
    const damaged = fixture(name);
    // The CRC-32 of gzip is before the length; the Adler-32 of zlib is at the end.
    damaged[damaged.length - (format === 'gzip' ? 8 : 1)] ^= 1;
    await expect(unpack(damaged, { format })).rejects.toThrow(/^a: expected (gzip|zlib) data, found none: /);
  });

  it.each(FILES)('refuses %s if it is cut off', async (name, format) => {
    const bytes = fixture(name);
    for (const length of [0, 5, bytes.length >> 1, bytes.length - 1])
      await expect(unpack(bytes.subarray(0, length), { format })).rejects.toThrow(/^a: expected/);
  });

  it('refuses bytes after gzip data', async () => {
    const bytes = Uint8Array.of(...fixture('text.gz'), 1, 2, 3);
    await expect(unpack(bytes)).rejects.toThrow(/^a: expected gzip data, found none: /);
  });

  it.each([
    ['bomb.gz', 'gzip'],
    ['bomb.zlib', 'deflate'],
  ] as const)('ends %s at the limit', async (name, format) => {
    let unpacked = 0;
    const reading = async () => {
      const chunks = inflate(chunksOf(fixture(name)), { format, name: 'a', maxBytes: 100_000 });
      for await (const chunk of chunks) unpacked += chunk.length;
    };
    await expect(reading()).rejects.toThrow('a: expected at most 100000 bytes when unpacked, found more');
    expect(unpacked).toBeLessThanOrEqual(100_000);
  });

  it('throws an error of its source as it is', async () => {
    const error = new Error('disk');
    async function* failing() {
      yield fixture('text.gz').subarray(0, 50);
      throw error;
    }
    await expect(collect(inflate(failing(), { format: 'gzip', name: 'a', maxBytes: 1 << 20 }))).rejects.toBe(
      error,
    );
  });

  it('closes its source if the loop ends early', async () => {
    let isClosed = false;
    async function* source() {
      try {
        for (;;) yield* chunksOf(fixture('bomb.gz'));
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of inflate(source(), { format: 'gzip', name: 'a', maxBytes: 1 << 30 })) {
      expect(chunk[0]).toBe(0);
      break;
    }
    await expect.poll(() => isClosed).toBe(true);
  });
});
