/*
 * Gradients of activations in one pass. Loads and stores may reach past the end of a tensor: blocks of memory are multiples
 * of 64 bytes.
 */
import { arg, argFloat, share } from './arguments';
import { addWide, chunkRows, roundUp } from './rows';

// @ts-ignore: decorator
@inline
function begin(p: usize, thread: i32, threads: i32): usize { return (share(arg(p, 3), thread, threads) as usize) << 2; }

/** dy, y, dx, length: dy where y > 0, else 0 */
export function reluGradient(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0);
  for (let i = begin(p, thread, threads), n = begin(p, thread + 1, threads); i < n; i += 16)
    v128.store(dx + i, v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero)));
}

/**
 * dy, y, dx, rows, channels (a multiple of 4), parts, sums of dx [part][channels] float64: the same, and along the way what
 * the gradient of a bias asks for
 */
export function reluGradientSums(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), rows = arg(p, 3), channels = arg(p, 4), parts = arg(p, 5);
  const step: usize = channels << 2, longest = chunkRows(channels), size = roundUp(rows, parts), zero = f32x4.splat(0);
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const sums = (arg(p, 6) as usize) + part * 2 * step;
    const end = min(rows, (part + 1) * size);
    memory.fill(sums, 0, 2 * step);
    for (let row = part * size; row < end; row += longest) {
      const begin = row * step, last = begin + min(longest, end - row) * step;
      let c: usize = 0;
      for (; c + 64 <= step; c += 64) {
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (let i = begin + c; i < last; i += step) {
          const g0 = v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero));
          v128.store(dx + i, g0);
          s0 = f32x4.add(s0, g0);
          const g1 = v128.and(v128.load(dy + i, 16), f32x4.gt(v128.load(y + i, 16), zero));
          v128.store(dx + i, g1, 16);
          s1 = f32x4.add(s1, g1);
          const g2 = v128.and(v128.load(dy + i, 32), f32x4.gt(v128.load(y + i, 32), zero));
          v128.store(dx + i, g2, 32);
          s2 = f32x4.add(s2, g2);
          const g3 = v128.and(v128.load(dy + i, 48), f32x4.gt(v128.load(y + i, 48), zero));
          v128.store(dx + i, g3, 48);
          s3 = f32x4.add(s3, g3);
        }
        addWide(sums + 2 * c, s0); addWide(sums + 2 * c + 32, s1); addWide(sums + 2 * c + 64, s2); addWide(sums + 2 * c + 96, s3);
      }
      for (; c < step; c += 16) {
        let sum = zero;
        for (let i = begin + c; i < last; i += step) {
          const g = v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero));
          v128.store(dx + i, g);
          sum = f32x4.add(sum, g);
        }
        addWide(sums + 2 * c, sum);
      }
    }
  }
}

/** dy, x, dx, length: dy where 0 < x <= 6, else 0 */
export function relu6Gradient(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), x: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0), six = f32x4.splat(6);
  for (let i = begin(p, thread, threads), n = begin(p, thread + 1, threads); i < n; i += 16) {
    const at = v128.load(x + i);
    v128.store(dx + i, v128.and(v128.load(dy + i), v128.and(f32x4.gt(at, zero), f32x4.le(at, six))));
  }
}

/** dy, x, dx, length, alpha: dy where x > 0, else alpha dy */
export function leakyReluGradient(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), x: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0), alpha = f32x4.splat(argFloat(p, 4));
  for (let i = begin(p, thread, threads), n = begin(p, thread + 1, threads); i < n; i += 16) {
    const g = v128.load(dy + i);
    v128.store(dx + i, v128.bitselect(g, f32x4.mul(g, alpha), f32x4.gt(v128.load(x + i), zero)));
  }
}

/** dy, y, dx, length: dy (y (1 - y)) */
export function sigmoidGradient(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), one = f32x4.splat(1);
  for (let i = begin(p, thread, threads), n = begin(p, thread + 1, threads); i < n; i += 16) {
    const at = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.mul(at, f32x4.sub(one, at))));
  }
}

/** dy, y, dx, length: (1 - y y) dy */
export function tanhGradient(p: usize, thread: i32, threads: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), one = f32x4.splat(1);
  for (let i = begin(p, thread, threads), n = begin(p, thread + 1, threads); i < n; i += 16) {
    const at = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(f32x4.sub(one, f32x4.mul(at, at)), v128.load(dy + i)));
  }
}
