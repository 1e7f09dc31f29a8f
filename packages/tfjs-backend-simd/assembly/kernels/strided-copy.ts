/* Strided copies, transposes and fill. */
import { arg, argFloat } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { storeLanes } from '../common/lanes';

// @ts-ignore: decorator
@inline
function copyRow(source: usize, target: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    v128.store(target + i, v128.load(source + i));
    v128.store(target + i, v128.load(source + i, 16), 16);
    v128.store(target + i, v128.load(source + i, 32), 32);
    v128.store(target + i, v128.load(source + i, 48), 48);
  }
  for (; i + 16 <= bytes; i += 16) v128.store(target + i, v128.load(source + i));
  for (; i < bytes; i += 4) store<f32>(target + i, load<f32>(source + i));
}

/** y, length, value */
export function fill(p: usize, chunk: i32, chunks: i32): void {
  const y = arg(p, 0) as usize, blocks = (arg(p, 1) + 15) >> 4;
  const value = f32x4.splat(argFloat(p, 2));
  const last = (chunkStart(blocks, chunk + 1, chunks) as usize) << 6;
  for (let i = (chunkStart(blocks, chunk, chunks) as usize) << 6; i < last; i += 64) {
    v128.store(y + i, value); v128.store(y + i, value, 16);
    v128.store(y + i, value, 32); v128.store(y + i, value, 48);
  }
}

/** Fills `bytes` bytes with one value. */
// @ts-ignore: decorator
@inline
function fillRow(source: usize, target: usize, bytes: usize): void {
  const v = v128.load32_splat(source);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(target + i, v);
  for (; i < bytes; i += 4) v128.store_lane<f32>(target + i, v, 0);
}

/**
 * from, to, sizes of three outer dimensions, row length, source strides in bytes, target strides in bytes,
 * whether a row repeats one value
 */
export function stridedCopy(p: usize, chunk: i32, chunks: i32): void {
  const d1 = arg(p, 3), d2 = arg(p, 4), count = arg(p, 2) * d1 * d2;
  const bytes = (arg(p, 5) as usize) << 2, isRepeat = arg(p, 12) != 0;
  if (count == 1 && !isRepeat) {
    const blocks = ((bytes + 63) >> 6) as i32;
    const first = (chunkStart(blocks, chunk, chunks) as usize) << 6;
    const last = min(bytes, (chunkStart(blocks, chunk + 1, chunks) as usize) << 6);
    copyRow((arg(p, 0) as usize) + first, (arg(p, 1) as usize) + first, last - first);
    return;
  }
  const first = chunkStart(count, chunk, chunks), last = chunkStart(count, chunk + 1, chunks);
  let i2 = first % d2, i1 = first / d2 % d1, i0 = first / d2 / d1;
  for (let i = first; i < last; i++) {
    const source = arg(p, 0) + i0 * arg(p, 6) + i1 * arg(p, 7) + i2 * arg(p, 8);
    const target = arg(p, 1) + i0 * arg(p, 9) + i1 * arg(p, 10) + i2 * arg(p, 11);
    if (isRepeat) fillRow(source, target, bytes);
    else copyRow(source, target, bytes);
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
 * from, to, sizes of two outer dimensions, rows (contiguous in the source), columns (contiguous in the
 * target), source strides in bytes of the outer dimensions and of a column, target strides of the outer
 * dimensions and of a row: transposes a batch of matrices.
 */
export function transposePlanes(p: usize, chunk: i32, chunks: i32): void {
  const d1 = arg(p, 3), rows = arg(p, 4), columns = arg(p, 5);
  const sourceStep = arg(p, 8) as usize, targetStep = arg(p, 11) as usize;
  const strips = (rows + 7) >> 3;
  const units = arg(p, 2) * d1 * strips;
  for (let i = chunkStart(units, chunk, chunks); i < chunkStart(units, chunk + 1, chunks); i++) {
    const plane = i / strips, row = (i - plane * strips) << 3;
    const i0 = plane / d1, i1 = plane - i0 * d1;
    const source = (arg(p, 0) + i0 * arg(p, 6) + i1 * arg(p, 7) + (row << 2)) as usize;
    const target = (arg(p, 1) + i0 * arg(p, 9) + i1 * arg(p, 10)) as usize + row * targetStep;
    for (let c = 0; c < columns; c += 4)
      for (let r = 0; r < min(8, rows - row); r += 4) {
        const q = source + c * sourceStep + (r << 2), out = target + r * targetStep + (c << 2);
        const height = rows - row - r, width = columns - c;
        const v0 = v128.load(q), v1 = width > 1 ? v128.load(q + sourceStep) : v0;
        const v2 = width > 2 ? v128.load(q + 2 * sourceStep) : v0;
        const v3 = width > 3 ? v128.load(q + 3 * sourceStep) : v0;
        const a = i32x4.shuffle(v0, v1, 0, 4, 1, 5), b = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
        const e = i32x4.shuffle(v0, v1, 2, 6, 3, 7), d = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
        storeLanes(out, width, i64x2.shuffle(a, b, 0, 2));
        if (height > 1) storeLanes(out + targetStep, width, i64x2.shuffle(a, b, 1, 3));
        if (height > 2) storeLanes(out + 2 * targetStep, width, i64x2.shuffle(e, d, 0, 2));
        if (height > 3) storeLanes(out + 3 * targetStep, width, i64x2.shuffle(e, d, 1, 3));
      }
  }
}
