/*
 * Sums and extremes over the middle of [outer][count][inner]. What is reduced is cut into chunks by shape alone, and the
 * chunks' results are joined in their order, in double precision: the result is the same for any number of threads.
 */
import { arg, argFloat, before, portion, put } from './arguments';

enum F { Max, Min, Sum }

// @ts-ignore: decorator
@inline
function neutral(f: F): f32 { return f == F.Max ? -Infinity : f == F.Min ? Infinity : 0; }

// @ts-ignore: decorator
@inline
function join(f: F, a: v128, b: v128): v128 {
  if (f == F.Max) return f32x4.max(a, b);
  if (f == F.Min) return f32x4.min(a, b);
  return f32x4.add(a, b);
}

/** The join of a vector's lanes. */
// @ts-ignore: decorator
@inline
function lanes(f: F, v: v128): f64 {
  if (f == F.Sum) {
    const low = (f32x4.extract_lane(v, 0) as f64) + (f32x4.extract_lane(v, 1) as f64);
    return low + ((f32x4.extract_lane(v, 2) as f64) + (f32x4.extract_lane(v, 3) as f64));
  }
  const pairs = join(f, v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(join(f, pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 0) as f64;
}

/** Values per lane that are added in single precision. */
const RUN: i32 = 32;

/** The join of `count` neighbours. */
// @ts-ignore: decorator
@inline
function neighbours(f: F, x: usize, count: i32): f64 {
  const none = f32x4.splat(neutral(f));
  let sum: f64 = 0;
  let extreme = none;
  while (count >= 16) {
    let v0 = none, v1 = none, v2 = none, v3 = none;
    const blocks = min(count >> 4, RUN);
    for (let i = 0; i < blocks; i++) {
      v0 = join(f, v0, v128.load(x));
      v1 = join(f, v1, v128.load(x, 16));
      v2 = join(f, v2, v128.load(x, 32));
      v3 = join(f, v3, v128.load(x, 48));
      x += 64;
    }
    count -= blocks << 4;
    const joined = join(f, join(f, v0, v1), join(f, v2, v3));
    if (f == F.Sum) sum += lanes(f, joined);
    else extreme = join(f, extreme, joined);
  }
  let rest = none;
  for (; count >= 4; count -= 4) {
    rest = join(f, rest, v128.load(x));
    x += 16;
  }
  if (count > 0) rest = join(f, rest, before(count, v128.load(x), none));
  return f == F.Sum ? sum + lanes(f, rest) : lanes(f, join(f, extreme, rest));
}

/** x, y, outer, count, values of a chunk, what a sum is divided by: y[outer][chunks] */
// @ts-ignore: decorator
@inline
function rows(f: F, p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize, count = arg(p, 3), size = arg(p, 4);
  const divisor = argFloat(p, 5) as f64;
  const chunks = (count + size - 1) / size;
  const work = arg(p, 2) * chunks;
  for (let i = portion(work, thread, threads); i < portion(work, thread + 1, threads); i++) {
    const row = i / chunks, first = (i - row * chunks) * size;
    const result = neighbours(f, x + ((((row as usize) * count) + first) << 2), min(size, count - first));
    store<f32>(y + (i << 2), (f == F.Sum ? result / divisor : result) as f32);
  }
}

/** x, y, outer, count, inner, rows of a chunk: y[outer][chunks][inner padded to fours] */
// @ts-ignore: decorator
@inline
function columns(f: F, p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, y = arg(p, 1) as usize, count = arg(p, 3), inner = arg(p, 4), size = arg(p, 5);
  const chunks = (count + size - 1) / size;
  const work = arg(p, 2) * chunks;
  const step = (inner as usize) << 2, padded = (((inner + 3) & ~3) as usize) << 2;
  const none = f32x4.splat(neutral(f));
  for (let i = portion(work, thread, threads); i < portion(work, thread + 1, threads); i++) {
    const outer = i / chunks, first = (i - outer * chunks) * size;
    const from = x + ((outer as usize) * count + first) * step, to = y + (i as usize) * padded;
    const length = min(size, count - first);
    let c: usize = 0;
    for (; c + 64 <= padded; c += 64) {
      let v0 = none, v1 = none, v2 = none, v3 = none;
      let q = from + c;
      for (let r = 0; r < length; r++) {
        v0 = join(f, v0, v128.load(q));
        v1 = join(f, v1, v128.load(q, 16));
        v2 = join(f, v2, v128.load(q, 32));
        v3 = join(f, v3, v128.load(q, 48));
        q += step;
      }
      v128.store(to + c, v0); v128.store(to + c, v1, 16); v128.store(to + c, v2, 32); v128.store(to + c, v3, 48);
    }
    for (; c < padded; c += 16) {
      let v = none;
      let q = from + c;
      for (let r = 0; r < length; r++) {
        v = join(f, v, v128.load(q));
        q += step;
      }
      v128.store(to + c, v);
    }
  }
}

/** parts, y, outer, chunks, inner, what a sum is divided by: joins the chunks of `columns`. */
// @ts-ignore: decorator
@inline
function joinColumns(f: F, p: usize, thread: i32, threads: i32): void {
  const chunks = arg(p, 3), inner = arg(p, 4);
  const divisor = f64x2.splat(argFloat(p, 5) as f64);
  const fours = (inner + 3) >> 2;
  const step = (fours as usize) << 4;
  const work = arg(p, 2) * fours;
  for (let i = portion(work, thread, threads); i < portion(work, thread + 1, threads); i++) {
    const outer = i / fours, c = (i - outer * fours) << 2;
    let from = (arg(p, 0) as usize) + (outer as usize) * chunks * step + (c << 2);
    let joined = v128.load(from);
    if (f == F.Sum) {
      let low = f64x2.splat(0), high = f64x2.splat(0);
      for (let i = 0; i < chunks; i++) {
        const v = v128.load(from);
        low = f64x2.add(low, f64x2.promote_low_f32x4(v));
        high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1)));
        from += step;
      }
      low = f32x4.demote_f64x2_zero(f64x2.div(low, divisor));
      high = f32x4.demote_f64x2_zero(f64x2.div(high, divisor));
      joined = i32x4.shuffle(low, high, 0, 1, 4, 5);
    } else
      for (let i = 1; i < chunks; i++) {
        from += step;
        joined = join(f, joined, v128.load(from));
      }
    put((arg(p, 1) as usize) + ((((outer as usize) * inner) + c) << 2), inner - c, joined);
  }
}

/** sums [parts][channels] float64, parts, channels, y: their sums over the parts, in their order */
export function sumParts(p: usize, thread: i32, threads: i32): void {
  const sums: usize = arg(p, 0), parts = arg(p, 1), channels = arg(p, 2), y: usize = arg(p, 3);
  for (let c = portion(channels, thread, threads); c < portion(channels, thread + 1, threads); c++) {
    let sum: f64 = 0;
    for (let part = 0; part < parts; part++) sum += load<f64>(sums + (((part * channels + c) as usize) << 3));
    store<f32>(y + ((c as usize) << 2), sum as f32);
  }
}

export function rowsMax(p: usize, thread: i32, threads: i32): void { rows(F.Max, p, thread, threads); }
export function rowsMin(p: usize, thread: i32, threads: i32): void { rows(F.Min, p, thread, threads); }
export function rowsSum(p: usize, thread: i32, threads: i32): void { rows(F.Sum, p, thread, threads); }
export function columnsMax(p: usize, thread: i32, threads: i32): void { columns(F.Max, p, thread, threads); }
export function columnsMin(p: usize, thread: i32, threads: i32): void { columns(F.Min, p, thread, threads); }
export function columnsSum(p: usize, thread: i32, threads: i32): void { columns(F.Sum, p, thread, threads); }
export function joinColumnsMax(p: usize, thread: i32, threads: i32): void { joinColumns(F.Max, p, thread, threads); }
export function joinColumnsMin(p: usize, thread: i32, threads: i32): void { joinColumns(F.Min, p, thread, threads); }
export function joinColumnsSum(p: usize, thread: i32, threads: i32): void { joinColumns(F.Sum, p, thread, threads); }
