import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSha256 } from '../../src/files.js';

describe('createSha256', () => {
  it('computes the checksum of Node for bytes of any length, in one chunk or two', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const middle = (length * 7) % (length + 1);
      const hasher = createSha256();
      hasher.update(bytes.subarray(0, middle));
      hasher.update(bytes.subarray(middle));
      expect(hasher.digest()).toBe(digest);
    }
  });
});
