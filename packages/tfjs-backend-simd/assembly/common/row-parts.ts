/*
 * Tensors as rows of channels. The rows are divided into parts, each with a partial sum of its own, and parts
 * into blocks that fit into the L1 cache. Both depend on the shape only, so that sums do not depend on the
 * number of threads.
 */

/** The size of a block in values: 16 kB. */
const BLOCK_VALUES: i32 = 4096;
/** The maximum number of rows of a block: float32 sums of more would lose precision. */
const MAX_BLOCK_ROWS: i32 = 256;
/** The maximum number of parts. */
const MAX_PARTS: i32 = 16;

// @ts-ignore: decorator
@inline
export function rowsPerBlock(channels: i32): i32 {
  return max(1, min(MAX_BLOCK_ROWS, BLOCK_VALUES / channels));
}

// @ts-ignore: decorator
@inline
export function divideRoundingUp(a: i32, b: i32): i32 { return (a + b - 1) / b; }

/** The number of parts. */
export function rowParts(rows: i32, channels: i32): i32 {
  const parts = max(1, min(MAX_PARTS, rows / rowsPerBlock(channels)));
  return divideRoundingUp(rows, divideRoundingUp(rows, parts));
}

/** Adds four float32 sums to four float64 sums. */
// @ts-ignore: decorator
@inline
export function addToFloat64(p: usize, sums: v128): void {
  v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(sums)));
  v128.store(
    p, f64x2.add(v128.load(p, 16), f64x2.promote_low_f32x4(v128.shuffle<i32>(sums, sums, 2, 3, 2, 3))), 16,
  );
}

// @ts-ignore: decorator
@inline
export function addScalarToFloat64(p: usize, sum: f32): void { store<f64>(p, load<f64>(p) + sum); }
