import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Md5 } from '../../src/files.js';

const md5Of = (...chunks: Uint8Array[]) => {
  const md5 = new Md5();
  for (const chunk of chunks) md5.update(chunk);
  return md5.digest();
};

describe('Md5', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ])('computes the checksum of RFC 1321 for "%s"', (text, digest) => {
    expect(md5Of(new TextEncoder().encode(text))).toBe(digest);
  });

  it('computes the checksum of Node for bytes of any length, in one chunk or two', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      const digest = createHash('md5').update(bytes).digest('hex');
      expect(md5Of(bytes)).toBe(digest);
      const middle = (length * 7) % (length + 1);
      expect(md5Of(bytes.subarray(0, middle), bytes.subarray(middle))).toBe(digest);
    }
  });
});
