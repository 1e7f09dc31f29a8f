/** A 32-bit argument of a kernel: an address or an integer. */
// @ts-ignore: decorator
@inline
export function arg(p: usize, i: i32): i32 { return load<i32>(p + (i << 2)); }

/** A float argument. */
// @ts-ignore: decorator
@inline
export function argFloat(p: usize, i: i32): f32 { return load<f32>(p + (i << 2)); }

/** Where the share of a thread begins, in fours, out of `length`; that of the next thread is where it ends. */
// @ts-ignore: decorator
@inline
export function share(length: i32, thread: i32, threads: i32): i32 {
  if (thread >= threads) return length;
  return ((length / threads) & ~3) * thread;
}

/** Where the share of a thread begins out of `count` pieces of work; that of the next thread is where it ends. */
// @ts-ignore: decorator
@inline
export function portion(count: i32, thread: i32, threads: i32): i32 { return (((count as i64) * thread) / threads) as i32; }

/** Stores the first `count` values of a vector, at most 4. */
// @ts-ignore: decorator
@inline
export function put(y: usize, count: i32, v: v128): void {
  if (count >= 4) {
    v128.store(y, v);
    return;
  }
  v128.store_lane<f32>(y, v, 0);
  if (count > 1) v128.store_lane<f32>(y, v, 1, 4);
  if (count > 2) v128.store_lane<f32>(y, v, 2, 8);
}

/** The lanes of a vector that are before `count`; `other` in the rest. */
// @ts-ignore: decorator
@inline
export function before(count: i32, v: v128, other: v128): v128 {
  return v128.bitselect(v, other, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
