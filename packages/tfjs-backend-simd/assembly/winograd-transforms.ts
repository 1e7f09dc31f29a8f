/*
 * Winograd's transforms of one dimension (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016), each for
 * F(4, 3) and F(2, 5) with 6 pixels a tile, at the points 0, 1, -1, 2, -2 and infinity, and for F(2, 3) with 4 pixels.
 * `size` is the number of pixels, `results` how many results they give, 1 + `size` - `results` the weights of a kernel;
 * both are known where these are inlined. What they give lies `step` bytes apart from `out` on.
 */

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }

// @ts-ignore: decorator
@inline
function mul(a: v128, b: f32): v128 { return f32x4.mul(a, f32x4.splat(b)); }

/** The weights of a kernel; the last two only where there are five. */
// @ts-ignore: decorator
@inline
export function kernel1d(size: i32, results: i32, g0: v128, g1: v128, g2: v128, g3: v128, g4: v128, out: usize, step: usize): void {
  if (size == 4) {
    const e = mul(add(g0, g2), 0.5), h = mul(g1, 0.5);
    v128.store(out, g0);
    v128.store(out + step, add(e, h));
    v128.store(out + 2 * step, sub(e, h));
    v128.store(out + 3 * step, g2);
    return;
  }
  // Even and odd powers at the points 1 and -1, and at 2 and -2.
  let a = add(g0, g2), b = g1, c = add(mul(g0, 1.0 / 24.0), mul(g2, 1.0 / 6.0)), d = mul(g1, 1.0 / 12.0);
  if (results == 2) {
    a = add(a, g4);
    b = add(b, g3);
    c = add(c, mul(g4, 2.0 / 3.0));
    d = add(d, mul(g3, 1.0 / 3.0));
  }
  a = mul(a, -1.0 / 6.0);
  b = mul(b, 1.0 / 6.0);
  v128.store(out, mul(g0, 0.25));
  v128.store(out + step, sub(a, b));
  v128.store(out + 2 * step, add(a, b));
  v128.store(out + 3 * step, add(c, d));
  v128.store(out + 4 * step, sub(c, d));
  v128.store(out + 5 * step, results == 2 ? g4 : g2);
}

/** Pixels of an image; the last two only where there are six. */
// @ts-ignore: decorator
@inline
export function image1d(size: i32, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, out: usize, step: usize): void {
  if (size == 4) {
    v128.store(out, sub(d0, d2));
    v128.store(out + step, add(d1, d2));
    v128.store(out + 2 * step, sub(d2, d1));
    v128.store(out + 3 * step, sub(d1, d3));
    return;
  }
  const p = sub(d4, mul(d2, 4)), q = sub(d3, mul(d1, 4));
  const r = sub(d4, d2), s = mul(sub(d3, d1), 2);
  v128.store(out, add(sub(mul(d0, 4), mul(d2, 5)), d4));
  v128.store(out + step, add(p, q));
  v128.store(out + 2 * step, sub(p, q));
  v128.store(out + 3 * step, add(r, s));
  v128.store(out + 4 * step, sub(r, s));
  v128.store(out + 5 * step, add(sub(mul(d1, 4), mul(d3, 5)), d5));
}

/** Gradients of results, two or four of them: the transpose of what makes results of products. */
// @ts-ignore: decorator
@inline
export function gradient1d(size: i32, results: i32, y0: v128, y1: v128, y2: v128, y3: v128, out: usize, step: usize): void {
  if (size == 4) {
    v128.store(out, y0);
    v128.store(out + step, add(y0, y1));
    v128.store(out + 2 * step, sub(y0, y1));
    v128.store(out + 3 * step, f32x4.neg(y1));
    return;
  }
  let e = y0, o = y1, f = y0, p = mul(y1, 2);
  if (results == 4) {
    e = add(e, y2);
    o = add(o, y3);
    f = add(f, mul(y2, 4));
    p = add(p, mul(y3, 8));
  }
  v128.store(out, y0);
  v128.store(out + step, add(e, o));
  v128.store(out + 2 * step, sub(e, o));
  v128.store(out + 3 * step, add(f, p));
  v128.store(out + 4 * step, sub(f, p));
  v128.store(out + 5 * step, results == 4 ? y3 : y1);
}

/** Gradients of transformed kernels to those of their weights: the transpose of `kernel1d`. */
// @ts-ignore: decorator
@inline
export function kernelGradient1d(size: i32, results: i32, u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, out: usize, step: usize): void {
  if (size == 4) {
    const h = mul(add(u1, u2), 0.5);
    v128.store(out, add(u0, h));
    v128.store(out + step, mul(sub(u1, u2), 0.5));
    v128.store(out + 2 * step, add(h, u3));
    return;
  }
  const s = mul(add(u1, u2), -1.0 / 6.0), d = mul(sub(u2, u1), 1.0 / 6.0), e = add(u3, u4), f = sub(u3, u4);
  v128.store(out, add(add(mul(u0, 0.25), s), mul(e, 1.0 / 24.0)));
  v128.store(out + step, add(d, mul(f, 1.0 / 12.0)));
  const third = add(s, mul(e, 1.0 / 6.0));
  v128.store(out + 2 * step, results == 4 ? add(third, u5) : third);
  if (results == 4) return;
  v128.store(out + 3 * step, add(d, mul(f, 1.0 / 3.0)));
  v128.store(out + 4 * step, add(add(s, mul(e, 2.0 / 3.0)), u5));
}

/** The results that products make, `i` of two or four. */
// @ts-ignore: decorator
@inline
export function result1d(size: i32, results: i32, i: i32, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): v128 {
  if (size == 4) return i == 0 ? add(m0, add(m1, m2)) : sub(sub(m1, m2), m3);
  if (i == 0) return add(m0, add(add(m1, m2), add(m3, m4)));
  if (i == 2) return add(add(m1, m2), mul(add(m3, m4), 4));
  const odd = add(sub(m1, m2), mul(sub(m3, m4), i == 1 ? 2 : 8));
  return i == results - 1 ? add(odd, m5) : odd;
}
