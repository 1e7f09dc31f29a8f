/*
 * Functions of one value. Arguments: x, y, length, and up to two numbers a and b.
 */
import { arg, argFloat, portion } from './arguments';
import { exp4, expm14, log1p4, log4, sigmoid4, tanh4 } from './transcendental';

enum F { Abs, Ceil, Clip, Elu, Erf, Exp, Expm1, Floor, LeakyRelu, Log, Log1p, Neg, Reciprocal, Relu, Relu6, Round, Rsqrt, Selu, Sigmoid, Sign, Softplus, Sqrt, Square, Step, Tanh }

// @ts-ignore: decorator
@inline
function all(value: f32): v128 { return f32x4.splat(value); }

/** `f` is a constant where this is inlined, so that one branch is left. */
// @ts-ignore: decorator
@inline
function apply(f: F, x: v128, a: v128, b: v128): v128 {
  if (f == F.Abs) return f32x4.abs(x);
  if (f == F.Ceil) return f32x4.ceil(x);
  // pmin and pmax, unlike min and max, are one instruction, and keep NaN where it is the first of the two.
  if (f == F.Clip) return f32x4.pmin(f32x4.pmax(x, a), b);
  if (f == F.Elu) return v128.bitselect(x, expm14(x), f32x4.ge(x, all(0)));
  if (f == F.Erf) return erf4(x);
  if (f == F.Exp) return exp4(x);
  if (f == F.Expm1) return expm14(x);
  if (f == F.Floor) return f32x4.floor(x);
  if (f == F.LeakyRelu) return v128.bitselect(f32x4.mul(x, a), x, f32x4.lt(x, all(0)));
  if (f == F.Log) return log4(x);
  if (f == F.Log1p) return log1p4(x);
  if (f == F.Neg) return f32x4.neg(x);
  if (f == F.Reciprocal) return f32x4.div(all(1), x);
  if (f == F.Relu) return f32x4.pmax(x, all(0));
  if (f == F.Relu6) return f32x4.pmin(f32x4.pmax(x, all(0)), all(6));
  if (f == F.Round) return f32x4.nearest(x);
  if (f == F.Rsqrt) return f32x4.div(all(1), f32x4.sqrt(x));
  if (f == F.Selu) return v128.bitselect(f32x4.mul(x, a), f32x4.mul(expm14(x), b), f32x4.ge(x, all(0)));
  if (f == F.Sigmoid) return sigmoid4(x);
  if (f == F.Sign) return sign4(x);
  if (f == F.Softplus) {
    const large = log1p4(exp4(f32x4.neg(f32x4.abs(x))));
    return f32x4.add(large, f32x4.pmax(x, all(0)));
  }
  if (f == F.Sqrt) return f32x4.sqrt(x);
  if (f == F.Square) return f32x4.mul(x, x);
  if (f == F.Step) return v128.bitselect(v128.bitselect(all(1), a, f32x4.gt(x, all(0))), x, f32x4.eq(x, x));
  return tanh4(x);
}

// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  return f32x4.sub(v128.and(f32x4.gt(x, all(0)), all(1)), v128.and(f32x4.lt(x, all(0)), all(1)));
}

/** Abramowitz and Stegun 7.1.26, as TensorFlow.js has it. */
// @ts-ignore: decorator
@inline
function erf4(x: v128): v128 {
  const v = f32x4.abs(x);
  const t = f32x4.div(all(1), f32x4.add(all(1), f32x4.mul(all(0.3275911), v)));
  let p = f32x4.add(f32x4.mul(all(1.061405429), t), all(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), all(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), all(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), all(0.254829592));
  const rest = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(v, v))));
  return f32x4.mul(sign4(x), f32x4.sub(all(1), rest));
}

/**
 * Blocks of the memory are multiples of 64 bytes, so whole 64 bytes are read and written: what is past the end of a tensor
 * belongs to it.
 */
// @ts-ignore: decorator
@inline
function each(f: F, p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const a = all(argFloat(p, 3)), b = all(argFloat(p, 4));
  const blocks = (arg(p, 2) + 15) >> 4;
  const last = (portion(blocks, thread + 1, threads) as usize) << 6;
  for (let i = (portion(blocks, thread, threads) as usize) << 6; i < last; i += 64) {
    v128.store(y + i, apply(f, v128.load(x + i), a, b));
    v128.store(y + i, apply(f, v128.load(x + i, 16), a, b), 16);
    v128.store(y + i, apply(f, v128.load(x + i, 32), a, b), 32);
    v128.store(y + i, apply(f, v128.load(x + i, 48), a, b), 48);
  }
}

/** The same, a vector at a time: what is long unrolls itself. */
// @ts-ignore: decorator
@inline
function eachLong(f: F, p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const a = all(argFloat(p, 3)), b = all(argFloat(p, 4));
  const blocks = (arg(p, 2) + 15) >> 4;
  const last = (portion(blocks, thread + 1, threads) as usize) << 6;
  for (let i = (portion(blocks, thread, threads) as usize) << 6; i < last; i += 16) v128.store(y + i, apply(f, v128.load(x + i), a, b));
}

export function eachAbs(p: usize, thread: i32, threads: i32): void { each(F.Abs, p, thread, threads); }
export function eachCeil(p: usize, thread: i32, threads: i32): void { each(F.Ceil, p, thread, threads); }
export function eachClip(p: usize, thread: i32, threads: i32): void { each(F.Clip, p, thread, threads); }
export function eachElu(p: usize, thread: i32, threads: i32): void { eachLong(F.Elu, p, thread, threads); }
export function eachErf(p: usize, thread: i32, threads: i32): void { eachLong(F.Erf, p, thread, threads); }
export function eachExp(p: usize, thread: i32, threads: i32): void { eachLong(F.Exp, p, thread, threads); }
export function eachExpm1(p: usize, thread: i32, threads: i32): void { eachLong(F.Expm1, p, thread, threads); }
export function eachFloor(p: usize, thread: i32, threads: i32): void { each(F.Floor, p, thread, threads); }
export function eachLeakyRelu(p: usize, thread: i32, threads: i32): void { each(F.LeakyRelu, p, thread, threads); }
export function eachLog(p: usize, thread: i32, threads: i32): void { eachLong(F.Log, p, thread, threads); }
export function eachLog1p(p: usize, thread: i32, threads: i32): void { eachLong(F.Log1p, p, thread, threads); }
export function eachNeg(p: usize, thread: i32, threads: i32): void { each(F.Neg, p, thread, threads); }
export function eachReciprocal(p: usize, thread: i32, threads: i32): void { each(F.Reciprocal, p, thread, threads); }
export function eachRelu(p: usize, thread: i32, threads: i32): void { each(F.Relu, p, thread, threads); }
export function eachRelu6(p: usize, thread: i32, threads: i32): void { each(F.Relu6, p, thread, threads); }
export function eachRound(p: usize, thread: i32, threads: i32): void { each(F.Round, p, thread, threads); }
export function eachRsqrt(p: usize, thread: i32, threads: i32): void { each(F.Rsqrt, p, thread, threads); }
export function eachSelu(p: usize, thread: i32, threads: i32): void { eachLong(F.Selu, p, thread, threads); }
export function eachSigmoid(p: usize, thread: i32, threads: i32): void { eachLong(F.Sigmoid, p, thread, threads); }
export function eachSign(p: usize, thread: i32, threads: i32): void { each(F.Sign, p, thread, threads); }
export function eachSoftplus(p: usize, thread: i32, threads: i32): void { eachLong(F.Softplus, p, thread, threads); }
export function eachSqrt(p: usize, thread: i32, threads: i32): void { each(F.Sqrt, p, thread, threads); }
export function eachSquare(p: usize, thread: i32, threads: i32): void { each(F.Square, p, thread, threads); }
export function eachStep(p: usize, thread: i32, threads: i32): void { each(F.Step, p, thread, threads); }
export function eachTanh(p: usize, thread: i32, threads: i32): void { eachLong(F.Tanh, p, thread, threads); }
