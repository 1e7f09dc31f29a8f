/*
 * Dropout in one pass, with a counter-based generator instead of a mask in memory: two keys and the index of
 * a value determine whether it is kept, in the gradient as well.
 */
import { zeroUnless } from '../common/activations';
import { arg, argFloat } from '../common/arguments';
import { alignedChunkStart } from '../common/chunks';

/**
 * A permutation of the 32-bit integers in which every bit of x changes half of the other bits (C. Wellons's
 * lowbias32).
 */
// @ts-ignore: decorator
@inline
function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/**
 * x, y, length, threshold, factor, first key, second key: factor x where the random 32-bit integer is at
 * least the threshold, else 0 x
 */
export function dropout(p: usize, chunk: i32, chunks: i32): void {
  const x: usize = arg(p, 0), y: usize = arg(p, 1), length = arg(p, 2);
  const threshold = i32x4.splat(arg(p, 3)), factor = f32x4.splat(argFloat(p, 4));
  const firstKey = i32x4.splat(arg(p, 5)), secondKey = i32x4.splat(arg(p, 6)), step = i32x4.splat(4);
  const first = alignedChunkStart(length, chunk, chunks), end = alignedChunkStart(length, chunk + 1, chunks);
  let index = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (let i: usize = first << 2, n: usize = end << 2; i < n; i += 16) {
    // Two rounds: with one, the masks of consecutive keys would be shifts of each other.
    const random = mix(v128.xor(mix(i32x4.add(index, firstKey)), secondKey));
    const isKept = i32x4.ge_u(random, threshold);
    v128.store(y + i, f32x4.mul(zeroUnless(isKept, v128.load(x + i)), factor));
    index = i32x4.add(index, step);
  }
}
