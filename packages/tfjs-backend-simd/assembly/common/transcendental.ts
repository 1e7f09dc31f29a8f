/*
 * Exponentials and logarithms of four values, with errors of about 2 units in the last place: the polynomials
 * of Moshier's Cephes library (expf, logf). Infinities, denormals and NaN are treated as by Math.
 */

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 { return f32x4.splat(value); }

/** x clamped to [-104, 89]: beyond, exp is 0 or infinity in float32. NaN stays NaN. */
// @ts-ignore: decorator
@inline
function clamped(x: v128): v128 { return f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-104)); }

/** 1.5 * 2 ** 23: adding it to a small float leaves the nearest integer in the lowest bits. */
const SHIFT: f32 = 12582912;

/** round(x / ln 2) + SHIFT */
// @ts-ignore: decorator
@inline
function shiftedQuotient(x: v128): v128 { return multiplyAdd(x, splat(1.44269504088896341), splat(SHIFT)); }

/** The same without SHIFT, as an integer. */
// @ts-ignore: decorator
@inline
function toInteger(octaves: v128): v128 { return i32x4.sub(octaves, splat(SHIFT)); }

/** x - n ln 2 */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 {
  return multiplyAdd(n, splat(2.12194440e-4), multiplyAdd(n, splat(-0.693359375), x));
}

/** exp(r) - 1 for |r| <= ln 2 / 2 */
// @ts-ignore: decorator
@inline
function smallExpm1(r: v128): v128 {
  let p = multiplyAdd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  p = multiplyAdd(p, r, splat(8.3334519073e-3));
  p = multiplyAdd(p, r, splat(4.1665795894e-2));
  p = multiplyAdd(p, r, splat(1.6666665459e-1));
  p = multiplyAdd(p, r, splat(5.0000001201e-1));
  return multiplyAdd(p, f32x4.mul(r, r), r);
}

/** 2 ** n for integers n from -126 to 127. */
// @ts-ignore: decorator
@inline
function powerOf2(n: v128): v128 { return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23); }

/** exp(x) */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const c = clamped(x), shifted = shiftedQuotient(c);
  const y = f32x4.add(smallExpm1(remainder(c, f32x4.sub(shifted, splat(SHIFT)))), splat(1));
  // In two steps: 2 ** n alone may overflow or underflow.
  const n = toInteger(shifted);
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(y, powerOf2(half)), powerOf2(i32x4.sub(n, half)));
}

/** exp(x) - 1, accurate for small x. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const c = clamped(x), shifted = shiftedQuotient(c);
  const y = smallExpm1(remainder(c, f32x4.sub(shifted, splat(SHIFT))));
  const n = toInteger(shifted);
  const half = i32x4.shr_s(n, 1);
  const a = powerOf2(half), rest = i32x4.sub(n, half);
  return f32x4.mul(multiplyAdd(y, a, f32x4.sub(a, powerOf2(i32x4.neg(rest)))), powerOf2(rest));
}

/** The natural logarithm. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, splat(8388608)), x, tiny);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(tiny, splat(23)));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), splat(0.5));
  const low = f32x4.lt(m, splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), splat(1));
  const z = f32x4.mul(m, m);
  let y = multiplyAdd(splat(7.0376836292e-2), m, splat(-1.1514610310e-1));
  y = multiplyAdd(y, m, splat(1.1676998740e-1));
  y = multiplyAdd(y, m, splat(-1.2420140846e-1));
  y = multiplyAdd(y, m, splat(1.4249322787e-1));
  y = multiplyAdd(y, m, splat(-1.6668057665e-1));
  y = multiplyAdd(y, m, splat(2.0000714765e-1));
  y = multiplyAdd(y, m, splat(-2.4999993993e-1));
  y = multiplyAdd(y, m, splat(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = multiplyAdd(e, splat(-2.12194440e-4), y);
  y = multiplyAdd(z, splat(-0.5), y);
  let r = multiplyAdd(e, splat(0.693359375), f32x4.add(m, y));
  // Below zero and for NaN: NaN. For zero: -infinity. For infinity: infinity.
  r = v128.bitselect(r, splat(NaN), f32x4.ge(x, splat(0)));
  r = v128.bitselect(splat(-Infinity), r, f32x4.eq(x, splat(0)));
  return v128.bitselect(x, r, f32x4.eq(x, splat(Infinity)));
}

/** log(1 + x), accurate for small x (Kahan). */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const u = f32x4.add(x, splat(1));
  const exact = f32x4.mul(log4(u), f32x4.div(x, f32x4.sub(u, splat(1))));
  const unchanged = v128.or(f32x4.eq(u, splat(1)), f32x4.eq(x, splat(Infinity)));
  return v128.bitselect(x, exact, unchanged);
}

/** 1 / (1 + exp(-x)) */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp4(f32x4.neg(x))));
}

/** tanh(|x|) = -e / (e + 2) with e = expm1(-2 |x|); the sign is copied from x. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const e = expm14(f32x4.mul(f32x4.abs(x), splat(-2)));
  const t = f32x4.div(f32x4.neg(e), f32x4.add(e, splat(2)));
  return v128.or(t, v128.and(x, i32x4.splat(0x80000000)));
}
