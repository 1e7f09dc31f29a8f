import { expectFunction, expectInteger } from './guards/values.js';
import type { Random } from './random.js';

/** 0 to `count` - 1. */
export function indexRange(count: number): Uint32Array {
  const indices = new Uint32Array(expectInteger('count', count));
  for (let i = 0; i < count; i++) indices[i] = i;
  return indices;
}

/** 0 to `count` - 1 in random order (Fisher and Yates; Durstenfeld, 1964): every order is equally likely. */
export function shuffledIndices(count: number, random: Random): Uint32Array {
  expectFunction('random', random);
  const indices = indexRange(count);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    const swapped = indices[last];
    indices[last] = indices[chosen];
    indices[chosen] = swapped;
  }
  return indices;
}

/** At most `limit` indices from 0 to `count` - 1, evenly spaced, ascending, the first one 0. */
export function evenlySpaced(count: number, limit: number): number[] {
  const length = Math.min(expectInteger('count', count), expectInteger('limit', limit));
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
