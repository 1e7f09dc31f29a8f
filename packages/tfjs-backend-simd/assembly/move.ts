/*
 * Values from place to place: copies of boxes, transposes, one value everywhere.
 */
import { arg, argFloat, portion, put } from './arguments';

// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    v128.store(to + i, v128.load(from + i));
    v128.store(to + i, v128.load(from + i, 16), 16);
    v128.store(to + i, v128.load(from + i, 32), 32);
    v128.store(to + i, v128.load(from + i, 48), 48);
  }
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** y, length, value */
export function fill(p: usize, thread: i32, threads: i32): void {
  const y = arg(p, 0) as usize, blocks = (arg(p, 1) + 15) >> 4;
  const value = f32x4.splat(argFloat(p, 2));
  const last = (portion(blocks, thread + 1, threads) as usize) << 6;
  for (let i = (portion(blocks, thread, threads) as usize) << 6; i < last; i += 64) {
    v128.store(y + i, value); v128.store(y + i, value, 16); v128.store(y + i, value, 32); v128.store(y + i, value, 48);
  }
}

/** One value `bytes` / 4 times. */
// @ts-ignore: decorator
@inline
function repeat(from: usize, to: usize, bytes: usize): void {
  const v = v128.load32_splat(from);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v);
  for (; i < bytes; i += 4) v128.store_lane<f32>(to + i, v, 0);
}

/**
 * from, to, sizes of three outer dimensions, length of a row, steps of `from` in bytes, steps of `to`, whether a row is one
 * value
 */
export function copyBox(p: usize, thread: i32, threads: i32): void {
  const d1 = arg(p, 3), d2 = arg(p, 4), count = arg(p, 2) * d1 * d2;
  const bytes = (arg(p, 5) as usize) << 2, isRepeat = arg(p, 12) != 0;
  if (count == 1 && !isRepeat) {
    const lines = ((bytes + 63) >> 6) as i32;
    const first = (portion(lines, thread, threads) as usize) << 6;
    const last = min(bytes, (portion(lines, thread + 1, threads) as usize) << 6);
    copy((arg(p, 0) as usize) + first, (arg(p, 1) as usize) + first, last - first);
    return;
  }
  const first = portion(count, thread, threads), last = portion(count, thread + 1, threads);
  let i2 = first % d2, i1 = first / d2 % d1, i0 = first / d2 / d1;
  for (let i = first; i < last; i++) {
    const from = arg(p, 0) + i0 * arg(p, 6) + i1 * arg(p, 7) + i2 * arg(p, 8);
    const to = arg(p, 1) + i0 * arg(p, 9) + i1 * arg(p, 10) + i2 * arg(p, 11);
    if (isRepeat) repeat(from, to, bytes);
    else copy(from, to, bytes);
    if (++i2 == d2) {
      i2 = 0;
      if (++i1 == d1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

/**
 * from, to, sizes of two outer dimensions, neighbours in `from`, neighbours in `to`, steps of `from` in bytes for the two
 * and for neighbours in `to`, steps of `to` for the two and for neighbours in `from`: many transposes of a matrix.
 */
export function transposePlanes(p: usize, thread: i32, threads: i32): void {
  const d1 = arg(p, 3), rows = arg(p, 4), columns = arg(p, 5);
  const fromStep = arg(p, 8) as usize, toStep = arg(p, 11) as usize;
  const strips = (rows + 7) >> 3;
  const work = arg(p, 2) * d1 * strips;
  for (let i = portion(work, thread, threads); i < portion(work, thread + 1, threads); i++) {
    const plane = i / strips, row = (i - plane * strips) << 3;
    const i0 = plane / d1, i1 = plane - i0 * d1;
    const from = (arg(p, 0) + i0 * arg(p, 6) + i1 * arg(p, 7) + (row << 2)) as usize;
    const to = (arg(p, 1) + i0 * arg(p, 9) + i1 * arg(p, 10)) as usize + row * toStep;
    for (let c = 0; c < columns; c += 4)
      for (let r = 0; r < min(8, rows - row); r += 4) {
        const q = from + c * fromStep + (r << 2), out = to + r * toStep + (c << 2);
        const height = rows - row - r, width = columns - c;
        const v0 = v128.load(q), v1 = width > 1 ? v128.load(q + fromStep) : v0, v2 = width > 2 ? v128.load(q + 2 * fromStep) : v0, v3 = width > 3 ? v128.load(q + 3 * fromStep) : v0;
        const a = i32x4.shuffle(v0, v1, 0, 4, 1, 5), b = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
        const e = i32x4.shuffle(v0, v1, 2, 6, 3, 7), d = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
        put(out, width, i64x2.shuffle(a, b, 0, 2));
        if (height > 1) put(out + toStep, width, i64x2.shuffle(a, b, 1, 3));
        if (height > 2) put(out + 2 * toStep, width, i64x2.shuffle(e, d, 0, 2));
        if (height > 3) put(out + 3 * toStep, width, i64x2.shuffle(e, d, 1, 3));
      }
  }
}
