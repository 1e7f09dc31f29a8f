/*
 * Tensors as rows of channels. Rows are cut into parts, and parts into chunks that stay in the first cache, by shape only,
 * so that sums do not depend on the number of threads.
 */

/** Values of a chunk: 16 kB. */
const CHUNK: i32 = 4096;
/** Float32 sums of more rows would lose digits. */
const LONGEST: i32 = 256;
const PARTS: i32 = 16;

// @ts-ignore: decorator
@inline
export function chunkRows(channels: i32): i32 { return max(1, min(LONGEST, CHUNK / channels)); }

// @ts-ignore: decorator
@inline
export function roundUp(a: i32, b: i32): i32 { return (a + b - 1) / b; }

/** Into how many parts the rows are cut. */
export function rowParts(rows: i32, channels: i32): i32 {
  const parts = max(1, min(PARTS, rows / chunkRows(channels)));
  return roundUp(rows, roundUp(rows, parts));
}

/** Adds four float32 sums to float64 ones. */
// @ts-ignore: decorator
@inline
export function addWide(p: usize, sums: v128): void {
  v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(sums)));
  v128.store(p, f64x2.add(v128.load(p, 16), f64x2.promote_low_f32x4(v128.shuffle<i32>(sums, sums, 2, 3, 2, 3))), 16);
}

// @ts-ignore: decorator
@inline
export function addOne(p: usize, sum: f32): void { store<f64>(p, load<f64>(p) + sum); }
