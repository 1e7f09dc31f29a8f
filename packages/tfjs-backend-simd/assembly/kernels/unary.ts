/*
 * Unary elementwise functions. Arguments: x, y, length, and up to two floats a and b.
 */
import { atMost6, relu } from '../common/activations';
import { arg, argFloat } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { exp4, expm14, log1p4, log4, sigmoid4, tanh4 } from '../common/transcendental';

enum UnaryOp {
  Abs, Ceil, Clip, Elu, Erf, Exp, Expm1, Floor, LeakyRelu, Log, Log1p, Neg, Reciprocal, Relu, Relu6, Round,
  Rsqrt, Selu, Sigmoid, Sign, Softplus, Sqrt, Square, Step, Tanh,
}

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 { return f32x4.splat(value); }

/** `op` is a constant where this is inlined, so that one branch remains. */
// @ts-ignore: decorator
@inline
function apply(op: UnaryOp, x: v128, a: v128, b: v128): v128 {
  if (op == UnaryOp.Abs) return f32x4.abs(x);
  if (op == UnaryOp.Ceil) return f32x4.ceil(x);
  // pmin and pmax are one instruction, unlike min and max, and return NaN if it is the first operand.
  if (op == UnaryOp.Clip) return f32x4.pmin(f32x4.pmax(x, a), b);
  if (op == UnaryOp.Elu) return v128.bitselect(x, expm14(x), f32x4.ge(x, splat(0)));
  if (op == UnaryOp.Erf) return erf4(x);
  if (op == UnaryOp.Exp) return exp4(x);
  if (op == UnaryOp.Expm1) return expm14(x);
  if (op == UnaryOp.Floor) return f32x4.floor(x);
  if (op == UnaryOp.LeakyRelu) return v128.bitselect(f32x4.mul(x, a), x, f32x4.lt(x, splat(0)));
  if (op == UnaryOp.Log) return log4(x);
  if (op == UnaryOp.Log1p) return log1p4(x);
  if (op == UnaryOp.Neg) return f32x4.neg(x);
  if (op == UnaryOp.Reciprocal) return f32x4.div(splat(1), x);
  if (op == UnaryOp.Relu) return relu(x);
  if (op == UnaryOp.Relu6) return atMost6(relu(x));
  if (op == UnaryOp.Round) return f32x4.nearest(x);
  if (op == UnaryOp.Rsqrt) return f32x4.div(splat(1), f32x4.sqrt(x));
  if (op == UnaryOp.Selu)
    return v128.bitselect(f32x4.mul(x, a), f32x4.mul(expm14(x), b), f32x4.ge(x, splat(0)));
  if (op == UnaryOp.Sigmoid) return sigmoid4(x);
  if (op == UnaryOp.Sign) return sign4(x);
  if (op == UnaryOp.Softplus) {
    const large = log1p4(exp4(f32x4.neg(f32x4.abs(x))));
    return f32x4.add(large, relu(x));
  }
  if (op == UnaryOp.Sqrt) return f32x4.sqrt(x);
  if (op == UnaryOp.Square) return f32x4.mul(x, x);
  if (op == UnaryOp.Step)
    return v128.bitselect(v128.bitselect(splat(1), a, f32x4.gt(x, splat(0))), x, f32x4.eq(x, x));
  return tanh4(x);
}

/** -1, 0 or 1; 0 for NaN. */
// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  return f32x4.sub(v128.and(f32x4.gt(x, splat(0)), splat(1)), v128.and(f32x4.lt(x, splat(0)), splat(1)));
}

/** Abramowitz and Stegun 7.1.26, as in TensorFlow.js. */
// @ts-ignore: decorator
@inline
function erf4(x: v128): v128 {
  const v = f32x4.abs(x);
  const t = f32x4.div(splat(1), f32x4.add(splat(1), f32x4.mul(splat(0.3275911), v)));
  let p = f32x4.add(f32x4.mul(splat(1.061405429), t), splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), splat(0.254829592));
  const complement = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(v, v))));
  return f32x4.mul(sign4(x), f32x4.sub(splat(1), complement));
}

/**
 * Reads and writes whole 64-byte blocks: allocations are multiples of 64 bytes, so that accesses past the end
 * of a tensor stay in its block.
 */
// @ts-ignore: decorator
@inline
function mapBlocks(op: UnaryOp, p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const a = splat(argFloat(p, 3)), b = splat(argFloat(p, 4));
  const blocks = (arg(p, 2) + 15) >> 4;
  const end = (chunkStart(blocks, chunk + 1, chunks) as usize) << 6;
  for (let i = (chunkStart(blocks, chunk, chunks) as usize) << 6; i < end; i += 64) {
    v128.store(y + i, apply(op, v128.load(x + i), a, b));
    v128.store(y + i, apply(op, v128.load(x + i, 16), a, b), 16);
    v128.store(y + i, apply(op, v128.load(x + i, 32), a, b), 32);
    v128.store(y + i, apply(op, v128.load(x + i, 48), a, b), 48);
  }
}

/** The same, one vector per iteration: longer functions need no manual unrolling. */
// @ts-ignore: decorator
@inline
function mapVectors(op: UnaryOp, p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const a = splat(argFloat(p, 3)), b = splat(argFloat(p, 4));
  const blocks = (arg(p, 2) + 15) >> 4;
  const end = (chunkStart(blocks, chunk + 1, chunks) as usize) << 6;
  for (let i = (chunkStart(blocks, chunk, chunks) as usize) << 6; i < end; i += 16)
    v128.store(y + i, apply(op, v128.load(x + i), a, b));
}

export function eachAbs(p: usize, chunk: i32, chunks: i32): void { mapBlocks(UnaryOp.Abs, p, chunk, chunks); }
export function eachCeil(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Ceil, p, chunk, chunks);
}
export function eachClip(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Clip, p, chunk, chunks);
}
export function eachElu(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Elu, p, chunk, chunks);
}
export function eachErf(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Erf, p, chunk, chunks);
}
export function eachExp(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Exp, p, chunk, chunks);
}
export function eachExpm1(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Expm1, p, chunk, chunks);
}
export function eachFloor(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Floor, p, chunk, chunks);
}
export function eachLeakyRelu(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.LeakyRelu, p, chunk, chunks);
}
export function eachLog(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Log, p, chunk, chunks);
}
export function eachLog1p(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Log1p, p, chunk, chunks);
}
export function eachNeg(p: usize, chunk: i32, chunks: i32): void { mapBlocks(UnaryOp.Neg, p, chunk, chunks); }
export function eachReciprocal(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Reciprocal, p, chunk, chunks);
}
export function eachRelu(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Relu, p, chunk, chunks);
}
export function eachRelu6(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Relu6, p, chunk, chunks);
}
export function eachRound(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Round, p, chunk, chunks);
}
export function eachRsqrt(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Rsqrt, p, chunk, chunks);
}
export function eachSelu(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Selu, p, chunk, chunks);
}
export function eachSigmoid(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Sigmoid, p, chunk, chunks);
}
export function eachSign(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Sign, p, chunk, chunks);
}
export function eachSoftplus(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Softplus, p, chunk, chunks);
}
export function eachSqrt(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Sqrt, p, chunk, chunks);
}
export function eachSquare(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Square, p, chunk, chunks);
}
export function eachStep(p: usize, chunk: i32, chunks: i32): void {
  mapBlocks(UnaryOp.Step, p, chunk, chunks);
}
export function eachTanh(p: usize, chunk: i32, chunks: i32): void {
  mapVectors(UnaryOp.Tanh, p, chunk, chunks);
}
