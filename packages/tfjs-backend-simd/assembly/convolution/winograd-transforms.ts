/*
 * Winograd's one-dimensional transforms (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks,
 * 2016): for F(4, 3) and F(2, 5) with 6 pixels per tile, at the points 0, 1, -1, 2, -2 and infinity, and for
 * F(2, 3) with 4 pixels. `inputSize` pixels give `outputSize` outputs with a filter of inputSize - outputSize
 * + 1 weights; both are compile-time constants where these are inlined. Results are stored from `out` on,
 * `step` bytes apart.
 */
import { add, sub } from '../common/vectors';

/** a times the constant b. */
// @ts-ignore: decorator
@inline
function scale(a: v128, b: f32): v128 { return f32x4.mul(a, f32x4.splat(b)); }

/** Transforms the weights of a filter; g3 and g4 are used only for five weights. */
// @ts-ignore: decorator
@inline
export function filter1d(
  inputSize: i32, outputSize: i32, g0: v128, g1: v128, g2: v128, g3: v128, g4: v128, out: usize, step: usize,
): void {
  if (inputSize == 4) {
    const e = scale(add(g0, g2), 0.5), h = scale(g1, 0.5);
    v128.store(out, g0);
    v128.store(out + step, add(e, h));
    v128.store(out + 2 * step, sub(e, h));
    v128.store(out + 3 * step, g2);
    return;
  }
  // Even and odd powers at the points 1 and -1, and at 2 and -2.
  let a = add(g0, g2), b = g1, c = add(scale(g0, 1.0 / 24.0), scale(g2, 1.0 / 6.0));
  let d = scale(g1, 1.0 / 12.0);
  if (outputSize == 2) {
    a = add(a, g4);
    b = add(b, g3);
    c = add(c, scale(g4, 2.0 / 3.0));
    d = add(d, scale(g3, 1.0 / 3.0));
  }
  a = scale(a, -1.0 / 6.0);
  b = scale(b, 1.0 / 6.0);
  v128.store(out, scale(g0, 0.25));
  v128.store(out + step, sub(a, b));
  v128.store(out + 2 * step, add(a, b));
  v128.store(out + 3 * step, add(c, d));
  v128.store(out + 4 * step, sub(c, d));
  v128.store(out + 5 * step, outputSize == 2 ? g4 : g2);
}

/** Transforms the pixels of a tile; d4 and d5 are used only for six pixels. */
// @ts-ignore: decorator
@inline
export function image1d(
  inputSize: i32, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, out: usize, step: usize,
): void {
  if (inputSize == 4) {
    v128.store(out, sub(d0, d2));
    v128.store(out + step, add(d1, d2));
    v128.store(out + 2 * step, sub(d2, d1));
    v128.store(out + 3 * step, sub(d1, d3));
    return;
  }
  const p = sub(d4, scale(d2, 4)), q = sub(d3, scale(d1, 4));
  const r = sub(d4, d2), s = scale(sub(d3, d1), 2);
  v128.store(out, add(sub(scale(d0, 4), scale(d2, 5)), d4));
  v128.store(out + step, add(p, q));
  v128.store(out + 2 * step, sub(p, q));
  v128.store(out + 3 * step, add(r, s));
  v128.store(out + 4 * step, sub(r, s));
  v128.store(out + 5 * step, add(sub(scale(d1, 4), scale(d3, 5)), d5));
}

/** Transforms two or four output gradients: the transpose of `output1d`. */
// @ts-ignore: decorator
@inline
export function gradient1d(
  inputSize: i32, outputSize: i32, y0: v128, y1: v128, y2: v128, y3: v128, out: usize, step: usize,
): void {
  if (inputSize == 4) {
    v128.store(out, y0);
    v128.store(out + step, add(y0, y1));
    v128.store(out + 2 * step, sub(y0, y1));
    v128.store(out + 3 * step, f32x4.neg(y1));
    return;
  }
  let e = y0, o = y1, f = y0, p = scale(y1, 2);
  if (outputSize == 4) {
    e = add(e, y2);
    o = add(o, y3);
    f = add(f, scale(y2, 4));
    p = add(p, scale(y3, 8));
  }
  v128.store(out, y0);
  v128.store(out + step, add(e, o));
  v128.store(out + 2 * step, sub(e, o));
  v128.store(out + 3 * step, add(f, p));
  v128.store(out + 4 * step, sub(f, p));
  v128.store(out + 5 * step, outputSize == 4 ? y3 : y1);
}

/** Transforms the gradient of a transformed filter to that of its weights: the transpose of `filter1d`. */
// @ts-ignore: decorator
@inline
export function filterGradient1d(
  inputSize: i32, outputSize: i32, u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, out: usize,
  step: usize,
): void {
  if (inputSize == 4) {
    const h = scale(add(u1, u2), 0.5);
    v128.store(out, add(u0, h));
    v128.store(out + step, scale(sub(u1, u2), 0.5));
    v128.store(out + 2 * step, add(h, u3));
    return;
  }
  const s = scale(add(u1, u2), -1.0 / 6.0), d = scale(sub(u2, u1), 1.0 / 6.0), e = add(u3, u4);
  const f = sub(u3, u4);
  v128.store(out, add(add(scale(u0, 0.25), s), scale(e, 1.0 / 24.0)));
  v128.store(out + step, add(d, scale(f, 1.0 / 12.0)));
  const third = add(s, scale(e, 1.0 / 6.0));
  v128.store(out + 2 * step, outputSize == 4 ? add(third, u5) : third);
  if (outputSize == 4) return;
  v128.store(out + 3 * step, add(d, scale(f, 1.0 / 3.0)));
  v128.store(out + 4 * step, add(add(s, scale(e, 2.0 / 3.0)), u5));
}

/** Output `i`, of two or four, from the products. */
// @ts-ignore: decorator
@inline
export function output1d(
  inputSize: i32, outputSize: i32, i: i32, m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128,
): v128 {
  if (inputSize == 4) return i == 0 ? add(m0, add(m1, m2)) : sub(sub(m1, m2), m3);
  if (i == 0) return add(m0, add(add(m1, m2), add(m3, m4)));
  if (i == 2) return add(add(m1, m2), scale(add(m3, m4), 4));
  const odd = add(sub(m1, m2), scale(sub(m3, m4), i == 1 ? 2 : 8));
  return i == outputSize - 1 ? add(odd, m5) : odd;
}
