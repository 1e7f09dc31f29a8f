/*
 * Functions of two values with broadcasting. Arguments: a, b, y, rows, the length of a row, how many values of a and of b
 * belong to a row (0: one for all of it, 1: one each), then of three outer dimensions the last two's sizes, the steps of a
 * in bytes, and those of b.
 */
import { arg, portion } from './arguments';

enum F { Add, Divide, EluGradient, Maximum, Minimum, Multiply, Prelu, SquaredDifference, Subtract }

// @ts-ignore: decorator
@inline
function apply(f: F, a: v128, b: v128): v128 {
  if (f == F.Add) return f32x4.add(a, b);
  if (f == F.Divide) return f32x4.div(a, b);
  if (f == F.EluGradient) return v128.bitselect(a, f32x4.mul(a, f32x4.add(b, f32x4.splat(1))), f32x4.ge(b, f32x4.splat(0)));
  if (f == F.Maximum) return f32x4.max(a, b);
  if (f == F.Minimum) return f32x4.min(a, b);
  if (f == F.Multiply) return f32x4.mul(a, b);
  if (f == F.Prelu) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  if (f == F.SquaredDifference) { const d = f32x4.sub(a, b); return f32x4.mul(d, d); }
  return f32x4.sub(a, b);
}

/** A row of `bytes`; `a` and `b` step along it where `as` and `bs` are true, and are one value otherwise. */
// @ts-ignore: decorator
@inline
function row(f: F, as: bool, bs: bool, a: usize, b: usize, y: usize, bytes: usize): void {
  const oneA = v128.load32_splat(a), oneB = v128.load32_splat(b);
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    v128.store(y + i, apply(f, as ? v128.load(a + i) : oneA, bs ? v128.load(b + i) : oneB));
    v128.store(y + i, apply(f, as ? v128.load(a + i, 16) : oneA, bs ? v128.load(b + i, 16) : oneB), 16);
    v128.store(y + i, apply(f, as ? v128.load(a + i, 32) : oneA, bs ? v128.load(b + i, 32) : oneB), 32);
    v128.store(y + i, apply(f, as ? v128.load(a + i, 48) : oneA, bs ? v128.load(b + i, 48) : oneB), 48);
  }
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, apply(f, as ? v128.load(a + i) : oneA, bs ? v128.load(b + i) : oneB));
  for (; i < bytes; i += 4)
    v128.store_lane<f32>(y + i, apply(f, as ? v128.load32_zero(a + i) : oneA, bs ? v128.load32_zero(b + i) : oneB), 0);
}

// @ts-ignore: decorator
@inline
function rows(f: F, p: usize, thread: i32, threads: i32): void {
  let a = arg(p, 0) as usize, b = arg(p, 1) as usize, out = arg(p, 2) as usize;
  const count = arg(p, 3), length = arg(p, 4), as = arg(p, 5), bs = arg(p, 6);
  const d1 = arg(p, 7), d2 = arg(p, 8);
  const a0 = arg(p, 9), a1 = arg(p, 10), a2 = arg(p, 11), b0 = arg(p, 12), b1 = arg(p, 13), b2 = arg(p, 14);
  let first = 0, last = 1, i0 = 0, i1 = 0, i2 = 0;
  let bytes = (length as usize) << 2;
  if (count == 1) {
    // Shares of a row are whole 64 bytes, which belong to the tensors even past their ends.
    const blocks = (length + 15) >> 4;
    const begin = (portion(blocks, thread, threads) as usize) << 6;
    bytes = ((portion(blocks, thread + 1, threads) as usize) << 6) - begin;
    if (as) a += begin;
    if (bs) b += begin;
    out += begin;
  } else {
    first = portion(count, thread, threads);
    last = portion(count, thread + 1, threads);
    i2 = first % d2; i1 = first / d2 % d1; i0 = first / d2 / d1;
    out += first * bytes;
  }
  for (let r = first; r < last; r++) {
    const p = a + i0 * a0 + i1 * a1 + i2 * a2, q = b + i0 * b0 + i1 * b1 + i2 * b2;
    if (!as) row(f, false, true, p, q, out, bytes);
    else if (!bs) row(f, true, false, p, q, out, bytes);
    else row(f, true, true, p, q, out, bytes);
    out += bytes;
    if (++i2 == d2) {
      i2 = 0;
      if (++i1 == d1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

export function pairAdd(p: usize, thread: i32, threads: i32): void { rows(F.Add, p, thread, threads); }
export function pairDivide(p: usize, thread: i32, threads: i32): void { rows(F.Divide, p, thread, threads); }
export function pairEluGradient(p: usize, thread: i32, threads: i32): void { rows(F.EluGradient, p, thread, threads); }
export function pairMaximum(p: usize, thread: i32, threads: i32): void { rows(F.Maximum, p, thread, threads); }
export function pairMinimum(p: usize, thread: i32, threads: i32): void { rows(F.Minimum, p, thread, threads); }
export function pairMultiply(p: usize, thread: i32, threads: i32): void { rows(F.Multiply, p, thread, threads); }
export function pairPrelu(p: usize, thread: i32, threads: i32): void { rows(F.Prelu, p, thread, threads); }
export function pairSquaredDifference(p: usize, thread: i32, threads: i32): void { rows(F.SquaredDifference, p, thread, threads); }
export function pairSubtract(p: usize, thread: i32, threads: i32): void { rows(F.Subtract, p, thread, threads); }

enum C { Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual }

// @ts-ignore: decorator
@inline
function holds(c: C, a: v128, b: v128): v128 {
  if (c == C.Equal) return f32x4.eq(a, b);
  if (c == C.Greater) return f32x4.gt(a, b);
  if (c == C.GreaterEqual) return f32x4.ge(a, b);
  if (c == C.Less) return f32x4.lt(a, b);
  if (c == C.LessEqual) return f32x4.le(a, b);
  return f32x4.ne(a, b);
}

/** Bytes 0 or 1 for 16 values of a and b at a time; a or b may be one value for all. */
// @ts-ignore: decorator
@inline
function compare(c: C, p: usize, thread: i32, threads: i32): void {
  const y = arg(p, 2) as usize, blocks = (arg(p, 3) + 15) >> 4;
  const isOneA = arg(p, 4) == 0, isOneB = arg(p, 5) == 0;
  const oneA = v128.load32_splat(arg(p, 0)), oneB = v128.load32_splat(arg(p, 1));
  const last = portion(blocks, thread + 1, threads);
  for (let block = portion(blocks, thread, threads); block < last; block++) {
    const a = (arg(p, 0) as usize) + (block << 6), b = (arg(p, 1) as usize) + (block << 6);
    const m0 = holds(c, isOneA ? oneA : v128.load(a), isOneB ? oneB : v128.load(b));
    const m1 = holds(c, isOneA ? oneA : v128.load(a, 16), isOneB ? oneB : v128.load(b, 16));
    const m2 = holds(c, isOneA ? oneA : v128.load(a, 32), isOneB ? oneB : v128.load(b, 32));
    const m3 = holds(c, isOneA ? oneA : v128.load(a, 48), isOneB ? oneB : v128.load(b, 48));
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3));
    v128.store(y + (block << 4), v128.and(bytes, i8x16.splat(1)));
  }
}

export function compareEqual(p: usize, thread: i32, threads: i32): void { compare(C.Equal, p, thread, threads); }
export function compareGreater(p: usize, thread: i32, threads: i32): void { compare(C.Greater, p, thread, threads); }
export function compareGreaterEqual(p: usize, thread: i32, threads: i32): void { compare(C.GreaterEqual, p, thread, threads); }
export function compareLess(p: usize, thread: i32, threads: i32): void { compare(C.Less, p, thread, threads); }
export function compareLessEqual(p: usize, thread: i32, threads: i32): void { compare(C.LessEqual, p, thread, threads); }
export function compareNotEqual(p: usize, thread: i32, threads: i32): void { compare(C.NotEqual, p, thread, threads); }

/** bytes, t, e, y, length: t where a byte is 1, e elsewhere. */
export function select(p: usize, thread: i32, threads: i32): void {
  const condition = arg(p, 0) as usize, t = arg(p, 1) as usize, e = arg(p, 2) as usize, y = arg(p, 3) as usize;
  const fours = (arg(p, 4) + 3) >> 2;
  const one = i32x4.splat(1);
  const last = portion(fours, thread + 1, threads);
  for (let i = portion(fours, thread, threads); i < last; i++) {
    const bytes = v128.load32_zero(condition + (i << 2));
    const is = i32x4.eq(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), one);
    v128.store(y + (i << 4), v128.bitselect(v128.load(t + (i << 4)), v128.load(e + (i << 4)), is));
  }
}

/** bytes, y, length: bytes as floats. */
export function bytesToFloats(p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const fours = (arg(p, 2) + 3) >> 2;
  const last = portion(fours, thread + 1, threads);
  for (let i = portion(fours, thread, threads); i < last; i++) {
    const bytes = v128.load32_zero(x + (i << 2));
    v128.store(y + (i << 4), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))));
  }
}
