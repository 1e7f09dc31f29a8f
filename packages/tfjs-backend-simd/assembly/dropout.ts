/*
 * Dropout in one pass, with no mask in memory: whether a value is kept is a function of two keys and its index, which the
 * gradient asks again.
 */
import { arg, argFloat, share } from './arguments';

/** A permutation of the 32-bit integers in which every bit of x changes half of the others (C. Wellons's lowbias32). */
// @ts-ignore: decorator
@inline
function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** x, y, length, threshold, factor, key, key: factor x where the value drawn, 0 to 2^32, is at least the threshold, else 0 */
export function dropout(p: usize, thread: i32, threads: i32): void {
  const x: usize = arg(p, 0), y: usize = arg(p, 1), length = arg(p, 2);
  const threshold = i32x4.splat(arg(p, 3)), factor = f32x4.splat(argFloat(p, 4));
  const key = i32x4.splat(arg(p, 5)), other = i32x4.splat(arg(p, 6)), step = i32x4.splat(4);
  const begin = share(length, thread, threads), end = share(length, thread + 1, threads);
  let index = i32x4.add(i32x4.splat(begin), i32x4(0, 1, 2, 3));
  for (let i: usize = begin << 2, n: usize = end << 2; i < n; i += 16) {
    // Two rounds: with one, the masks of neighbouring keys would be shifts of each other.
    const drawn = mix(v128.xor(mix(i32x4.add(index, key)), other));
    v128.store(y + i, v128.and(f32x4.mul(v128.load(x + i), factor), i32x4.ge_u(drawn, threshold)));
    index = i32x4.add(index, step);
  }
}
