/* What the two directions of batch norm share. Not in index.ts: these are inlined, and take vectors. */

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
export function normalized(x: v128, mean: v128, scale: v128, beta: v128): v128 { return add(mul(sub(x, mean), scale), beta); }

// @ts-ignore: decorator
@inline
export function normalizedOne(x: f32, mean: f32, scale: f32, beta: f32): f32 { return (x - mean) * scale + beta; }
