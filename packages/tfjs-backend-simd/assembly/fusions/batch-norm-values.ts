/*
 * Common to batch norm and its gradient. Not exported by index.ts: inlined functions with vector parameters
 * cannot be WebAssembly exports to JavaScript.
 */
import { add, mul, sub } from '../common/vectors';

// @ts-ignore: decorator
@inline
export function normalize(x: v128, mean: v128, scale: v128, beta: v128): v128 {
  return add(mul(sub(x, mean), scale), beta);
}

// @ts-ignore: decorator
@inline
export function normalizeScalar(x: f32, mean: f32, scale: f32, beta: f32): f32 {
  return (x - mean) * scale + beta;
}
