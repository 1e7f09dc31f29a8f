import { createHash } from 'node:crypto';
import type { Hasher } from './md5.js';

/** The MD5 hasher of Node. */
export function nodeMd5(): Hasher {
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}
