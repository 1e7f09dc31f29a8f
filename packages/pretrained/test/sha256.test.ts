import { createHash } from 'node:crypto';
import { randomAt } from '@convlens/core';
import { expect, it } from 'vitest';
import { sha256 } from '../src/sha256.js';

it('equals the SHA-256 of OpenSSL for every length around the ends of blocks', () => {
  const random = randomAt(1, 'sha256');
  const bytes = Uint8Array.from({ length: 100_000 }, () => 256 * random());
  for (const length of [...Array(200).keys(), bytes.length]) {
    const part = bytes.subarray(0, length);
    expect(sha256(part)).toBe(createHash('sha256').update(part).digest('hex'));
  }
});
