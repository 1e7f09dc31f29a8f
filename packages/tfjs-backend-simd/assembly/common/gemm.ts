/*
 * The micro-kernels of all matrix products: a 4 x 8 tile of results in 8 vector registers. With 16 vector
 * registers a larger tile spills and is a third slower. The loop over k is split into two nested loops
 * because V8 unrolls the inner one, which is a fifth faster; unrolled by hand, it spills.
 */
import { addProduct } from './vectors';

/** Iterations of the inner loop. */
const INNER_ITERATIONS: i32 = 16;

/**
 * c[4][8] (+)= sum over k of a[4][k] b[k][8]. The four values of a for one k are at a, a + a1, a + a2, a +
 * a3; those of the next k are `aStep` bytes later. The rows of c are `cRow` bytes apart; b is dense.
 */
// @ts-ignore: decorator
@inline
export function tile4x8(
  a: usize, aStep: usize, b: usize, c: usize, cRow: usize, count: i32, a1: usize, a2: usize, a3: usize,
  add: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (let remaining = count; remaining > 0; remaining -= INNER_ITERATIONS) {
    const iterations = min(remaining, INNER_ITERATIONS);
    for (let k = 0; k < iterations; k++) {
      const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a + a1);
      const r2 = v128.load32_splat(a + a2), r3 = v128.load32_splat(a + a3);
      const b0 = v128.load(b);
      c00 = addProduct(c00, r0, b0); c10 = addProduct(c10, r1, b0);
      c20 = addProduct(c20, r2, b0); c30 = addProduct(c30, r3, b0);
      const b1 = v128.load(b, 16);
      c01 = addProduct(c01, r0, b1); c11 = addProduct(c11, r1, b1);
      c21 = addProduct(c21, r2, b1); c31 = addProduct(c31, r3, b1);
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

/**
 * c[4][8] = sum over k of a[4][k] b[k][8], with a packed as a[k / 8][row][k % 8], `plane` bytes between
 * groups of 8.
 */
export function tilePacked8(a: usize, plane: usize, b: usize, c: usize, groups: i32): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (let k = 0; k < groups; k++) {
    for (let q: usize = 0; q < 32; q += 4) {
      const p = a + q;
      const r0 = v128.load32_splat(p), r1 = v128.load32_splat(p, 32);
      const r2 = v128.load32_splat(p, 64), r3 = v128.load32_splat(p, 96);
      const b0 = v128.load(b);
      c00 = addProduct(c00, r0, b0); c10 = addProduct(c10, r1, b0);
      c20 = addProduct(c20, r2, b0); c30 = addProduct(c30, r3, b0);
      const b1 = v128.load(b, 16);
      c01 = addProduct(c01, r0, b1); c11 = addProduct(c11, r1, b1);
      c21 = addProduct(c21, r2, b1); c31 = addProduct(c31, r3, b1);
      b += 32;
    }
    a += plane;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80); v128.store(c, c30, 96); v128.store(c, c31, 112);
}

/**
 * c[4][8] (+)= sum over k of a[k][4] b[k][8]: the four values of a for one k are contiguous, with 32 bytes
 * from one k to the next.
 */
export function tileColumns(a: usize, b: usize, c: usize, count: i32, add: bool): void {
  tile4x8(a, 32, b, c, 32, count, 4, 8, 12, add);
}
