/* Short names for operations on vectors of four float32 values. */

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }

// @ts-ignore: decorator
@inline
export function div(a: v128, b: v128): v128 { return f32x4.div(a, b); }

/** sum + a b, rounded twice. */
// @ts-ignore: decorator
@inline
export function addProduct(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }
