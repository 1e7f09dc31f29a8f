/** Stores the first `count` values of a vector, at most 4. */
// @ts-ignore: decorator
@inline
export function storeLanes(y: usize, count: i32, v: v128): void {
  if (count >= 4) {
    v128.store(y, v);
    return;
  }
  v128.store_lane<f32>(y, v, 0);
  if (count > 1) v128.store_lane<f32>(y, v, 1, 4);
  if (count > 2) v128.store_lane<f32>(y, v, 2, 8);
}

/** The first `count` lanes of `v`, and the other lanes of `other`. */
// @ts-ignore: decorator
@inline
export function selectLanes(count: i32, v: v128, other: v128): v128 {
  return v128.bitselect(v, other, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
