/*
 * ReLU and its gradient, of four values. pmax and pmin are one instruction, unlike max and min. pmax(a, b) is
 * a < b ? b : a: NaN stays NaN as the first operand, and is lost as the second.
 */

/** The maximum of x and 0. */
// @ts-ignore: decorator
@inline
export function relu(x: v128): v128 { return f32x4.pmax(x, f32x4.splat(0)); }

/** The minimum of x and 6. */
// @ts-ignore: decorator
@inline
export function atMost6(x: v128): v128 { return f32x4.pmin(x, f32x4.splat(6)); }

/** The activation with a code of ACTIVATION_CODES: 0 none, 1 ReLU, 2 ReLU6. */
// @ts-ignore: decorator
@inline
export function activate(x: v128, activation: i32): v128 {
  if (activation) x = relu(x);
  if (activation == 2) x = atMost6(x);
  return x;
}

/** `value` where x is not NaN, else NaN. */
// @ts-ignore: decorator
@inline
export function nanWhereNan(x: v128, value: v128): v128 { return v128.or(value, f32x4.ne(x, x)); }

/** x where the mask is set, else x - x: 0, or NaN for infinities and NaN, as x * 0 is. */
// @ts-ignore: decorator
@inline
export function zeroUnless(mask: v128, x: v128): v128 { return f32x4.sub(x, v128.andnot(x, mask)); }

/** The gradient of ReLU at x: dy where x > 0, else 0 dy; NaN where x is NaN. */
// @ts-ignore: decorator
@inline
export function reluGradientOf(dy: v128, x: v128): v128 {
  return nanWhereNan(x, zeroUnless(f32x4.gt(x, f32x4.splat(0)), dy));
}
