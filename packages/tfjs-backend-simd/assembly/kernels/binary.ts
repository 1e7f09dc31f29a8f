/*
 * Elementwise binary functions with broadcasting. Arguments: a, b, y, number of rows, row length, stride of a
 * and of b within a row (0 or 1), sizes of the last two of three outer dimensions, the three strides of a in
 * bytes, the three strides of b.
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';

enum BinaryOp { Add, Divide, EluGradient, Maximum, Minimum, Multiply, Prelu, SquaredDifference, Subtract }

// @ts-ignore: decorator
@inline
function apply(op: BinaryOp, a: v128, b: v128): v128 {
  if (op == BinaryOp.Add) return f32x4.add(a, b);
  if (op == BinaryOp.Divide) return f32x4.div(a, b);
  if (op == BinaryOp.EluGradient)
    return v128.bitselect(a, f32x4.mul(a, f32x4.add(b, f32x4.splat(1))), f32x4.ge(b, f32x4.splat(0)));
  if (op == BinaryOp.Maximum) return f32x4.max(a, b);
  if (op == BinaryOp.Minimum) return f32x4.min(a, b);
  if (op == BinaryOp.Multiply) return f32x4.mul(a, b);
  if (op == BinaryOp.Prelu) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  if (op == BinaryOp.SquaredDifference) {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
  return f32x4.sub(a, b);
}

/**
 * A row of `bytes`; `isRowA` and `isRowB`: whether a and b have a value per position, or one value for the
 * row.
 */
// @ts-ignore: decorator
@inline
function applyToRow(
  op: BinaryOp, isRowA: bool, isRowB: bool, a: usize, b: usize, y: usize, bytes: usize,
): void {
  const scalarA = v128.load32_splat(a), scalarB = v128.load32_splat(b);
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    v128.store(y + i, apply(op, isRowA ? v128.load(a + i) : scalarA, isRowB ? v128.load(b + i) : scalarB));
    v128.store(
      y + i,
      apply(op, isRowA ? v128.load(a + i, 16) : scalarA, isRowB ? v128.load(b + i, 16) : scalarB),
      16,
    );
    v128.store(
      y + i,
      apply(op, isRowA ? v128.load(a + i, 32) : scalarA, isRowB ? v128.load(b + i, 32) : scalarB),
      32,
    );
    v128.store(
      y + i,
      apply(op, isRowA ? v128.load(a + i, 48) : scalarA, isRowB ? v128.load(b + i, 48) : scalarB),
      48,
    );
  }
  for (; i + 16 <= bytes; i += 16)
    v128.store(y + i, apply(op, isRowA ? v128.load(a + i) : scalarA, isRowB ? v128.load(b + i) : scalarB));
  for (; i < bytes; i += 4)
    v128.store_lane<f32>(
      y + i,
      apply(op, isRowA ? v128.load32_zero(a + i) : scalarA, isRowB ? v128.load32_zero(b + i) : scalarB),
      0,
    );
}

// @ts-ignore: decorator
@inline
function applyToRows(op: BinaryOp, p: usize, chunk: i32, chunks: i32): void {
  let a = arg(p, 0) as usize, b = arg(p, 1) as usize, y = arg(p, 2) as usize;
  const count = arg(p, 3), length = arg(p, 4), strideA = arg(p, 5), strideB = arg(p, 6);
  const d1 = arg(p, 7), d2 = arg(p, 8);
  const a0 = arg(p, 9), a1 = arg(p, 10), a2 = arg(p, 11), b0 = arg(p, 12), b1 = arg(p, 13), b2 = arg(p, 14);
  let firstRow = 0, endRow = 1, i0 = 0, i1 = 0, i2 = 0;
  let bytes = (length as usize) << 2;
  if (count == 1) {
    // Chunks of a row are multiples of 64 bytes; blocks of memory are too, so that writing past the end of a
    // tensor is safe.
    const blocks = (length + 15) >> 4;
    const firstByte = (chunkStart(blocks, chunk, chunks) as usize) << 6;
    bytes = ((chunkStart(blocks, chunk + 1, chunks) as usize) << 6) - firstByte;
    if (strideA) a += firstByte;
    if (strideB) b += firstByte;
    y += firstByte;
  } else {
    firstRow = chunkStart(count, chunk, chunks);
    endRow = chunkStart(count, chunk + 1, chunks);
    i2 = firstRow % d2; i1 = firstRow / d2 % d1; i0 = firstRow / d2 / d1;
    y += firstRow * bytes;
  }
  for (let row = firstRow; row < endRow; row++) {
    const p = a + i0 * a0 + i1 * a1 + i2 * a2, q = b + i0 * b0 + i1 * b1 + i2 * b2;
    if (!strideA) applyToRow(op, false, true, p, q, y, bytes);
    else if (!strideB) applyToRow(op, true, false, p, q, y, bytes);
    else applyToRow(op, true, true, p, q, y, bytes);
    y += bytes;
    if (++i2 == d2) {
      i2 = 0;
      if (++i1 == d1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

export function pairAdd(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Add, p, chunk, chunks);
}
export function pairDivide(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Divide, p, chunk, chunks);
}
export function pairEluGradient(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.EluGradient, p, chunk, chunks);
}
export function pairMaximum(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Maximum, p, chunk, chunks);
}
export function pairMinimum(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Minimum, p, chunk, chunks);
}
export function pairMultiply(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Multiply, p, chunk, chunks);
}
export function pairPrelu(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Prelu, p, chunk, chunks);
}
export function pairSquaredDifference(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.SquaredDifference, p, chunk, chunks);
}
export function pairSubtract(p: usize, chunk: i32, chunks: i32): void {
  applyToRows(BinaryOp.Subtract, p, chunk, chunks);
}
