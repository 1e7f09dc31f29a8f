/*
 * Comparisons, selection and conversion of boolean tensors, whose values are bytes 0 or 1.
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';

enum CompareOp { Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual }

// @ts-ignore: decorator
@inline
function compareLanes(op: CompareOp, a: v128, b: v128): v128 {
  if (op == CompareOp.Equal) return f32x4.eq(a, b);
  if (op == CompareOp.Greater) return f32x4.gt(a, b);
  if (op == CompareOp.GreaterEqual) return f32x4.ge(a, b);
  if (op == CompareOp.Less) return f32x4.lt(a, b);
  if (op == CompareOp.LessEqual) return f32x4.le(a, b);
  return f32x4.ne(a, b);
}

/** a, b, bytes, length, strides of a and b (0: one value for all, 1): compares 16 values at a time. */
// @ts-ignore: decorator
@inline
function compare(op: CompareOp, p: usize, chunk: i32, chunks: i32): void {
  const y = arg(p, 2) as usize, blocks = (arg(p, 3) + 15) >> 4;
  const isScalarA = arg(p, 4) == 0, isScalarB = arg(p, 5) == 0;
  const scalarA = v128.load32_splat(arg(p, 0)), scalarB = v128.load32_splat(arg(p, 1));
  const end = chunkStart(blocks, chunk + 1, chunks);
  for (let block = chunkStart(blocks, chunk, chunks); block < end; block++) {
    const a = (arg(p, 0) as usize) + (block << 6), b = (arg(p, 1) as usize) + (block << 6);
    const m0 = compareLanes(op, isScalarA ? scalarA : v128.load(a), isScalarB ? scalarB : v128.load(b));
    const m1 = compareLanes(
      op, isScalarA ? scalarA : v128.load(a, 16), isScalarB ? scalarB : v128.load(b, 16),
    );
    const m2 = compareLanes(
      op, isScalarA ? scalarA : v128.load(a, 32), isScalarB ? scalarB : v128.load(b, 32),
    );
    const m3 = compareLanes(
      op, isScalarA ? scalarA : v128.load(a, 48), isScalarB ? scalarB : v128.load(b, 48),
    );
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3));
    v128.store(y + (block << 4), v128.and(bytes, i8x16.splat(1)));
  }
}

export function compareEqual(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.Equal, p, chunk, chunks);
}
export function compareGreater(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.Greater, p, chunk, chunks);
}
export function compareGreaterEqual(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.GreaterEqual, p, chunk, chunks);
}
export function compareLess(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.Less, p, chunk, chunks);
}
export function compareLessEqual(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.LessEqual, p, chunk, chunks);
}
export function compareNotEqual(p: usize, chunk: i32, chunks: i32): void {
  compare(CompareOp.NotEqual, p, chunk, chunks);
}

/** bytes, t, e, y, length: e where the byte is 0, else t */
export function select(p: usize, chunk: i32, chunks: i32): void {
  const condition = arg(p, 0) as usize, t = arg(p, 1) as usize, e = arg(p, 2) as usize;
  const y = arg(p, 3) as usize;
  const fours = (arg(p, 4) + 3) >> 2;
  const zero = i32x4.splat(0);
  const end = chunkStart(fours, chunk + 1, chunks);
  for (let i = chunkStart(fours, chunk, chunks); i < end; i++) {
    const bytes = v128.load32_zero(condition + (i << 2));
    const isFalse = i32x4.eq(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), zero);
    v128.store(y + (i << 4), v128.bitselect(v128.load(e + (i << 4)), v128.load(t + (i << 4)), isFalse));
  }
}

/** bytes, y, length: the bytes as float32 */
export function bytesToFloats(p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize;
  const fours = (arg(p, 2) + 3) >> 2;
  const end = chunkStart(fours, chunk + 1, chunks);
  for (let i = chunkStart(fours, chunk, chunks); i < end; i++) {
    const bytes = v128.load32_zero(x + (i << 2));
    v128.store(
      y + (i << 4), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))),
    );
  }
}
