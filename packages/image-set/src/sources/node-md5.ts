import { createHash } from 'node:crypto';
import type { Hasher } from './md5.js';

/** The MD5 hasher of Node. */
export const nodeMd5 = (): Hasher => nodeHasher('md5');

/** A hasher of Node. */
export function nodeHasher(algorithm: 'md5' | 'sha256'): Hasher {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}
