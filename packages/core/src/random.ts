import { expectAnyNumber, expectFunction } from './guards/values.js';

/** Returns the next number of a stream: uniform in [0, 1), a multiple of 2^-32. */
export type Random = () => number;

/** A bijective hash of 32 bits: the finalizer of MurmurHash3 (Appleby, public domain). */
function mix(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Hashes a key into 32 bits: a number by both halves of its float64, a string by its UTF-16 code units. */
function fold(hash: number, key: number | string): number {
  if (typeof key === 'string') {
    for (let i = 0; i < key.length; i++) hash = mix(hash ^ key.charCodeAt(i)) + 0x9e3779b9;
    return mix(hash ^ key.length ^ 0x5bd1e995);
  }
  if (Number.isInteger(key) && Math.abs(key) <= 0x7fffffff) return mix(mix(hash ^ key) + 0x9e3779b9);
  expectAnyNumber('keys', key);
  const halves = new Uint32Array(Float64Array.of(key).buffer);
  return mix(mix(mix(hash ^ halves[0]) ^ halves[1]) + 0x7f4a7c15);
}

/** The first numbers of sfc32 depend on its seed too simply: PractRand drops them. */
const WARM_UP_STEPS = 12;

/**
 * The stream of random numbers for a seed and keys. The same seed and keys return the same stream on every machine; other keys
 * return an independent one. So `randomAt(seed, 'augment', epoch, index)` replays the random numbers of one image, in any order
 * and on any thread.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, a period of at least 2^32.
 */
export function randomAt(seed: number, ...keys: readonly (number | string)[]): Random {
  expectAnyNumber('seed', seed);
  let a = fold(0x243f6a88, seed);
  let b = fold(0x85a308d3, seed);
  let c = fold(0x13198a2e, seed);
  for (const key of keys) {
    a = fold(a, key);
    b = fold(b, key);
    c = fold(c, key);
  }
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < WARM_UP_STEPS; i++) next();
  return next;
}

/** A number from the standard normal distribution (Box and Muller, 1958). It takes two numbers of the stream. */
export function normal(random: Random): number {
  expectFunction('random', random);
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
