import { describe, expect, it } from 'vitest';
import { crc32 } from '../src/index.js';
import { expected, fromBase64 } from './support.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('crc32', () => {
  it('is the check value of ISO 3309', () => expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926));

  it.each(Object.entries(expected.files))('of %s is that of Python', (name, bytes) => {
    expect(crc32(fromBase64(bytes))).toBe(expected.crc32[name]);
  });

  it('continues a checksum', () => {
    const [first, second] = [bytesOf('1234'), bytesOf('56789')];
    expect(crc32(second, crc32(first))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
