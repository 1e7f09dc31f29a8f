/*
 * Four exponentials and logarithms at once, within about 2 units in the last place: the polynomials of Moshier's Cephes
 * library (expf, logf), with infinities, denormals and NaN as Math has them.
 */

// @ts-ignore: decorator
@inline
function fma(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }

// @ts-ignore: decorator
@inline
function all(value: f32): v128 { return f32x4.splat(value); }

/** x, cut to where exp is neither 0 nor infinite for certain; NaN stays. */
// @ts-ignore: decorator
@inline
function clamped(x: v128): v128 { return f32x4.pmax(f32x4.pmin(x, all(89)), all(-104)); }

/** 1.5 * 2 ** 23: added to a small float, it leaves the nearest whole number in the lowest bits. */
const SHIFT: f32 = 12582912;

/** How many times ln 2 is nearest to x, plus SHIFT. */
// @ts-ignore: decorator
@inline
function octaves(x: v128): v128 { return fma(x, all(1.44269504088896341), all(SHIFT)); }

/** That as an integer. */
// @ts-ignore: decorator
@inline
function whole(octaves: v128): v128 { return i32x4.sub(octaves, all(SHIFT)); }

/** x - n ln 2 */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 { return fma(n, all(2.12194440e-4), fma(n, all(-0.693359375), x)); }

/** exp(r) - 1 for |r| <= ln 2 / 2 */
// @ts-ignore: decorator
@inline
function smallExpm1(r: v128): v128 {
  let p = fma(all(1.9875691500e-4), r, all(1.3981999507e-3));
  p = fma(p, r, all(8.3334519073e-3));
  p = fma(p, r, all(4.1665795894e-2));
  p = fma(p, r, all(1.6666665459e-1));
  p = fma(p, r, all(5.0000001201e-1));
  return fma(p, f32x4.mul(r, r), r);
}

/** 2 ** n for whole n from -126 to 127 */
// @ts-ignore: decorator
@inline
function powerOf2(n: v128): v128 { return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23); }

// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const c = clamped(x), shifted = octaves(c);
  const y = f32x4.add(smallExpm1(remainder(c, f32x4.sub(shifted, all(SHIFT)))), all(1));
  // In two steps, as 2 ** n alone may be too large or too small for a float.
  const n = whole(shifted);
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(y, powerOf2(half)), powerOf2(i32x4.sub(n, half)));
}

/** exp(x) - 1, also where x is small. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const c = clamped(x), shifted = octaves(c);
  const y = smallExpm1(remainder(c, f32x4.sub(shifted, all(SHIFT))));
  const n = whole(shifted);
  const half = i32x4.shr_s(n, 1);
  const a = powerOf2(half), rest = i32x4.sub(n, half);
  return f32x4.mul(fma(y, a, f32x4.sub(a, powerOf2(i32x4.neg(rest)))), powerOf2(rest));
}

// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, all(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, all(8388608)), x, tiny);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(tiny, all(23)));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), all(0.5));
  const low = f32x4.lt(m, all(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, all(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), all(1));
  const z = f32x4.mul(m, m);
  let y = fma(all(7.0376836292e-2), m, all(-1.1514610310e-1));
  y = fma(y, m, all(1.1676998740e-1));
  y = fma(y, m, all(-1.2420140846e-1));
  y = fma(y, m, all(1.4249322787e-1));
  y = fma(y, m, all(-1.6668057665e-1));
  y = fma(y, m, all(2.0000714765e-1));
  y = fma(y, m, all(-2.4999993993e-1));
  y = fma(y, m, all(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = fma(e, all(-2.12194440e-4), y);
  y = fma(z, all(-0.5), y);
  let r = fma(e, all(0.693359375), f32x4.add(m, y));
  // Below zero and NaN: NaN; zero and infinity: what they are.
  r = v128.bitselect(r, all(NaN), f32x4.ge(x, all(0)));
  r = v128.bitselect(all(-Infinity), r, f32x4.eq(x, all(0)));
  return v128.bitselect(x, r, f32x4.eq(x, all(Infinity)));
}

/** log(1 + x), also where x is small (Kahan). */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const u = f32x4.add(x, all(1));
  const exact = f32x4.mul(log4(u), f32x4.div(x, f32x4.sub(u, all(1))));
  const unchanged = v128.or(f32x4.eq(u, all(1)), f32x4.eq(x, all(Infinity)));
  return v128.bitselect(x, exact, unchanged);
}

// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 { return f32x4.div(all(1), f32x4.add(all(1), exp4(f32x4.neg(x)))); }

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const e = expm14(f32x4.mul(f32x4.abs(x), all(-2)));
  const t = f32x4.div(f32x4.neg(e), f32x4.add(e, all(2)));
  return v128.or(t, v128.and(x, i32x4.splat(0x80000000)));
}
