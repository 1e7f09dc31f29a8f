/*
 * Sum, Max and Min over the middle axis of [outer][count][inner]. `count` is divided into segments by shape
 * only, and their results are combined in order, in float64: the result does not depend on the number of
 * threads.
 */
import { arg, argFloat } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { selectLanes, storeLanes } from '../common/lanes';

enum ReduceOp { Max, Min, Sum }

/** The identity element of the operation. */
// @ts-ignore: decorator
@inline
function identityOf(op: ReduceOp): f32 {
  return op == ReduceOp.Max ? -Infinity : op == ReduceOp.Min ? Infinity : 0;
}

// @ts-ignore: decorator
@inline
function combine(op: ReduceOp, a: v128, b: v128): v128 {
  if (op == ReduceOp.Max) return f32x4.max(a, b);
  if (op == ReduceOp.Min) return f32x4.min(a, b);
  return f32x4.add(a, b);
}

/** Reduces the four lanes of a vector. */
// @ts-ignore: decorator
@inline
function reduceLanes(op: ReduceOp, v: v128): f64 {
  if (op == ReduceOp.Sum) {
    const low = (f32x4.extract_lane(v, 0) as f64) + (f32x4.extract_lane(v, 1) as f64);
    return low + ((f32x4.extract_lane(v, 2) as f64) + (f32x4.extract_lane(v, 3) as f64));
  }
  const pairs = combine(op, v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(combine(op, pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 0) as f64;
}

/** Values per lane that are added in float32 before the sum goes to float64. */
const FLOAT32_RUN: i32 = 32;

/** Reduces `count` contiguous values. */
// @ts-ignore: decorator
@inline
function reduceContiguous(op: ReduceOp, x: usize, count: i32): f64 {
  const identity = f32x4.splat(identityOf(op));
  let sum: f64 = 0;
  let extreme = identity;
  while (count >= 16) {
    let v0 = identity, v1 = identity, v2 = identity, v3 = identity;
    const blocks = min(count >> 4, FLOAT32_RUN);
    for (let i = 0; i < blocks; i++) {
      v0 = combine(op, v0, v128.load(x));
      v1 = combine(op, v1, v128.load(x, 16));
      v2 = combine(op, v2, v128.load(x, 32));
      v3 = combine(op, v3, v128.load(x, 48));
      x += 64;
    }
    count -= blocks << 4;
    const combined = combine(op, combine(op, v0, v1), combine(op, v2, v3));
    if (op == ReduceOp.Sum) sum += reduceLanes(op, combined);
    else extreme = combine(op, extreme, combined);
  }
  let rest = identity;
  for (; count >= 4; count -= 4) {
    rest = combine(op, rest, v128.load(x));
    x += 16;
  }
  if (count > 0) rest = combine(op, rest, selectLanes(count, v128.load(x), identity));
  return op == ReduceOp.Sum ? sum + reduceLanes(op, rest) : reduceLanes(op, combine(op, extreme, rest));
}

/** x, y, outer, count, segment size, divisor of sums: y[outer][segments] */
// @ts-ignore: decorator
@inline
function reduceRows(op: ReduceOp, p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize, count = arg(p, 3), segmentSize = arg(p, 4);
  const divisor = argFloat(p, 5) as f64;
  const segments = (count + segmentSize - 1) / segmentSize;
  const units = arg(p, 2) * segments;
  for (let unit = chunkStart(units, chunk, chunks); unit < chunkStart(units, chunk + 1, chunks); unit++) {
    const row = unit / segments, firstValue = (unit - row * segments) * segmentSize;
    const result = reduceContiguous(
      op, x + ((((row as usize) * count) + firstValue) << 2), min(segmentSize, count - firstValue),
    );
    store<f32>(y + (unit << 2), (op == ReduceOp.Sum ? result / divisor : result) as f32);
  }
}

/** x, y, outer, count, inner, rows of a segment: y[outer][segments][inner rounded up to 4] */
// @ts-ignore: decorator
@inline
function reduceColumns(op: ReduceOp, p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize, count = arg(p, 3), inner = arg(p, 4);
  const segmentRows = arg(p, 5);
  const segments = (count + segmentRows - 1) / segmentRows;
  const units = arg(p, 2) * segments;
  const rowBytes = (inner as usize) << 2, paddedBytes = (((inner + 3) & ~3) as usize) << 2;
  const identity = f32x4.splat(identityOf(op));
  for (let unit = chunkStart(units, chunk, chunks); unit < chunkStart(units, chunk + 1, chunks); unit++) {
    const outer = unit / segments, firstRow = (unit - outer * segments) * segmentRows;
    const source = x + ((outer as usize) * count + firstRow) * rowBytes;
    const target = y + (unit as usize) * paddedBytes;
    const length = min(segmentRows, count - firstRow);
    let c: usize = 0;
    for (; c + 64 <= paddedBytes; c += 64) {
      let v0 = identity, v1 = identity, v2 = identity, v3 = identity;
      let q = source + c;
      for (let r = 0; r < length; r++) {
        v0 = combine(op, v0, v128.load(q));
        v1 = combine(op, v1, v128.load(q, 16));
        v2 = combine(op, v2, v128.load(q, 32));
        v3 = combine(op, v3, v128.load(q, 48));
        q += rowBytes;
      }
      v128.store(target + c, v0); v128.store(target + c, v1, 16); v128.store(target + c, v2, 32);
      v128.store(target + c, v3, 48);
    }
    for (; c < paddedBytes; c += 16) {
      let v = identity;
      let q = source + c;
      for (let r = 0; r < length; r++) {
        v = combine(op, v, v128.load(q));
        q += rowBytes;
      }
      v128.store(target + c, v);
    }
  }
}

/** partial results, y, outer, segments, inner, divisor of sums: combines the segments of `reduceColumns` */
// @ts-ignore: decorator
@inline
function combineColumns(op: ReduceOp, p: usize, chunk: i32, chunks: i32): void {
  const segments = arg(p, 3), inner = arg(p, 4);
  const divisor = f64x2.splat(argFloat(p, 5) as f64);
  const fours = (inner + 3) >> 2;
  const segmentBytes = (fours as usize) << 4;
  const units = arg(p, 2) * fours;
  for (let i = chunkStart(units, chunk, chunks); i < chunkStart(units, chunk + 1, chunks); i++) {
    const outer = i / fours, c = (i - outer * fours) << 2;
    let source = (arg(p, 0) as usize) + (outer as usize) * segments * segmentBytes + (c << 2);
    let combined = v128.load(source);
    if (op == ReduceOp.Sum) {
      let low = f64x2.splat(0), high = f64x2.splat(0);
      for (let i = 0; i < segments; i++) {
        const v = v128.load(source);
        low = f64x2.add(low, f64x2.promote_low_f32x4(v));
        high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1)));
        source += segmentBytes;
      }
      low = f32x4.demote_f64x2_zero(f64x2.div(low, divisor));
      high = f32x4.demote_f64x2_zero(f64x2.div(high, divisor));
      combined = i32x4.shuffle(low, high, 0, 1, 4, 5);
    } else
      for (let i = 1; i < segments; i++) {
        source += segmentBytes;
        combined = combine(op, combined, v128.load(source));
      }
    storeLanes((arg(p, 1) as usize) + ((((outer as usize) * inner) + c) << 2), inner - c, combined);
  }
}

/** sums [parts][channels] float64, parts, channels, y: adds the parts in order */
export function sumParts(p: usize, chunk: i32, chunks: i32): void {
  const sums: usize = arg(p, 0), parts = arg(p, 1), channels = arg(p, 2), y: usize = arg(p, 3);
  for (let c = chunkStart(channels, chunk, chunks); c < chunkStart(channels, chunk + 1, chunks); c++) {
    let sum: f64 = 0;
    for (let part = 0; part < parts; part++) sum += load<f64>(sums + (((part * channels + c) as usize) << 3));
    store<f32>(y + ((c as usize) << 2), sum as f32);
  }
}

export function reduceRowsMax(p: usize, chunk: i32, chunks: i32): void {
  reduceRows(ReduceOp.Max, p, chunk, chunks);
}
export function reduceRowsMin(p: usize, chunk: i32, chunks: i32): void {
  reduceRows(ReduceOp.Min, p, chunk, chunks);
}
export function reduceRowsSum(p: usize, chunk: i32, chunks: i32): void {
  reduceRows(ReduceOp.Sum, p, chunk, chunks);
}
export function reduceColumnsMax(p: usize, chunk: i32, chunks: i32): void {
  reduceColumns(ReduceOp.Max, p, chunk, chunks);
}
export function reduceColumnsMin(p: usize, chunk: i32, chunks: i32): void {
  reduceColumns(ReduceOp.Min, p, chunk, chunks);
}
export function reduceColumnsSum(p: usize, chunk: i32, chunks: i32): void {
  reduceColumns(ReduceOp.Sum, p, chunk, chunks);
}
export function combineColumnsMax(p: usize, chunk: i32, chunks: i32): void {
  combineColumns(ReduceOp.Max, p, chunk, chunks);
}
export function combineColumnsMin(p: usize, chunk: i32, chunks: i32): void {
  combineColumns(ReduceOp.Min, p, chunk, chunks);
}
export function combineColumnsSum(p: usize, chunk: i32, chunks: i32): void {
  combineColumns(ReduceOp.Sum, p, chunk, chunks);
}
