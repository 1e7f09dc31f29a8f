/*
 * The inner products of everything: a tile of 4 rows and 8 columns in 8 registers. On engines with 16 vector registers a
 * larger tile spills and loses a third of the speed. The loop over a sum's products is nested for its own sake: V8 unrolls
 * a loop within a loop, which is a fifth faster, where products written out one after the other spill again.
 */

/** Products of a turn of the outer loop. */
const RUN: i32 = 16;

// @ts-ignore: decorator
@inline
function fma(c: v128, a: v128, b: v128): v128 {
  return f32x4.add(c, f32x4.mul(a, b));
}

/**
 * c[4][8] (+)= sum over k of a[k][4] b[k][8]. The four values of a step lie `aRow` bytes apart and begin `aStep` bytes after
 * those of the step before; b and c are dense.
 */
// @ts-ignore: decorator
@inline
export function tile4x8(a: usize, aStep: usize, b: usize, c: usize, cRow: usize, count: i32, a1: usize, a2: usize, a3: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (let left = count; left > 0; left -= RUN) {
    const run = min(left, RUN);
    for (let k = 0; k < run; k++) {
      const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a + a1), r2 = v128.load32_splat(a + a2), r3 = v128.load32_splat(a + a3);
      const b0 = v128.load(b);
      c00 = fma(c00, r0, b0); c10 = fma(c10, r1, b0); c20 = fma(c20, r2, b0); c30 = fma(c30, r3, b0);
      const b1 = v128.load(b, 16);
      c01 = fma(c01, r0, b1); c11 = fma(c11, r1, b1); c21 = fma(c21, r2, b1); c31 = fma(c31, r3, b1);
      a += aStep;
      b += 32;
    }
  }
  store8(c, c00, c01, add);
  store8(c + cRow, c10, c11, add);
  store8(c + 2 * cRow, c20, c21, add);
  store8(c + 3 * cRow, c30, c31, add);
}

// @ts-ignore: decorator
@inline
function store8(c: usize, low: v128, high: v128, add: bool): void {
  if (add) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** Rows whose values lie in eights, 32 bytes a row: a[k / 8][row][k % 8], `plane` bytes from eight to eight. */
export function tileOfEights(a: usize, plane: usize, b: usize, c: usize, eights: i32): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (let k = 0; k < eights; k++) {
    for (let q: usize = 0; q < 32; q += 4) {
      const p = a + q;
      const r0 = v128.load32_splat(p), r1 = v128.load32_splat(p, 32), r2 = v128.load32_splat(p, 64), r3 = v128.load32_splat(p, 96);
      const b0 = v128.load(b);
      c00 = fma(c00, r0, b0); c10 = fma(c10, r1, b0); c20 = fma(c20, r2, b0); c30 = fma(c30, r3, b0);
      const b1 = v128.load(b, 16);
      c01 = fma(c01, r0, b1); c11 = fma(c11, r1, b1); c21 = fma(c21, r2, b1); c31 = fma(c31, r3, b1);
      b += 32;
    }
    a += plane;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80); v128.store(c, c30, 96); v128.store(c, c31, 112);
}

/** c[4][8] (+)= sum over k of a[k][0..4] b[k][8], where the four values of a step are neighbours and steps are 32 bytes apart. */
export function tileOfColumns(a: usize, b: usize, c: usize, count: i32, add: bool): void {
  tile4x8(a, 32, b, c, 32, count, 4, 8, 12, add);
}
