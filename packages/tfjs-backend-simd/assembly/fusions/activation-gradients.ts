/*
 * Gradients of activation functions in one pass. Loads and stores may reach past the end of a tensor: blocks
 * of memory are multiples of 64 bytes.
 */
import { arg, argFloat } from '../common/arguments';
import { alignedChunkStart } from '../common/chunks';
import { addToFloat64, rowsPerBlock, divideRoundingUp } from '../common/row-parts';

/** The offset of the first byte of a chunk. */
// @ts-ignore: decorator
@inline
function byteStart(p: usize, chunk: i32, chunks: i32): usize {
  return (alignedChunkStart(arg(p, 3), chunk, chunks) as usize) << 2;
}

/** dy, y, dx, length: dy where y > 0, else 0 */
export function reluGradient(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0);
  for (let i = byteStart(p, chunk, chunks), n = byteStart(p, chunk + 1, chunks); i < n; i += 16)
    v128.store(dx + i, v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero)));
}

/**
 * dy, y, dx, rows, channels (a multiple of 4), parts, sums [part][channels] float64: the ReLU gradient, and
 * the channel sums of dx for the bias gradient
 */
export function reluGradientSums(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), rows = arg(p, 3);
  const channels = arg(p, 4), parts = arg(p, 5);
  const rowBytes: usize = channels << 2, blockRows = rowsPerBlock(channels);
  const partRows = divideRoundingUp(rows, parts);
  const zero = f32x4.splat(0);
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const sums = (arg(p, 6) as usize) + part * 2 * rowBytes;
    const endRow = min(rows, (part + 1) * partRows);
    memory.fill(sums, 0, 2 * rowBytes);
    for (let row = part * partRows; row < endRow; row += blockRows) {
      const blockStart = row * rowBytes, blockEnd = blockStart + min(blockRows, endRow - row) * rowBytes;
      let c: usize = 0;
      for (; c + 64 <= rowBytes; c += 64) {
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (let i = blockStart + c; i < blockEnd; i += rowBytes) {
          const g0 = v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero));
          v128.store(dx + i, g0);
          s0 = f32x4.add(s0, g0);
          const g1 = v128.and(v128.load(dy + i, 16), f32x4.gt(v128.load(y + i, 16), zero));
          v128.store(dx + i, g1, 16);
          s1 = f32x4.add(s1, g1);
          const g2 = v128.and(v128.load(dy + i, 32), f32x4.gt(v128.load(y + i, 32), zero));
          v128.store(dx + i, g2, 32);
          s2 = f32x4.add(s2, g2);
          const g3 = v128.and(v128.load(dy + i, 48), f32x4.gt(v128.load(y + i, 48), zero));
          v128.store(dx + i, g3, 48);
          s3 = f32x4.add(s3, g3);
        }
        addToFloat64(sums + 2 * c, s0); addToFloat64(sums + 2 * c + 32, s1);
        addToFloat64(sums + 2 * c + 64, s2); addToFloat64(sums + 2 * c + 96, s3);
      }
      for (; c < rowBytes; c += 16) {
        let sum = zero;
        for (let i = blockStart + c; i < blockEnd; i += rowBytes) {
          const g = v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero));
          v128.store(dx + i, g);
          sum = f32x4.add(sum, g);
        }
        addToFloat64(sums + 2 * c, sum);
      }
    }
  }
}

/** dy, x, dx, length: dy where 0 < x <= 6, else 0 */
export function relu6Gradient(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), x: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0);
  const six = f32x4.splat(6);
  for (let i = byteStart(p, chunk, chunks), n = byteStart(p, chunk + 1, chunks); i < n; i += 16) {
    const xs = v128.load(x + i);
    v128.store(dx + i, v128.and(v128.load(dy + i), v128.and(f32x4.gt(xs, zero), f32x4.le(xs, six))));
  }
}

/** dy, x, dx, length, alpha: dy where x > 0, else alpha dy */
export function leakyReluGradient(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), x: usize = arg(p, 1), dx: usize = arg(p, 2), zero = f32x4.splat(0);
  const alpha = f32x4.splat(argFloat(p, 4));
  for (let i = byteStart(p, chunk, chunks), n = byteStart(p, chunk + 1, chunks); i < n; i += 16) {
    const g = v128.load(dy + i);
    v128.store(dx + i, v128.bitselect(g, f32x4.mul(g, alpha), f32x4.gt(v128.load(x + i), zero)));
  }
}

/** dy, y, dx, length: dy (y (1 - y)) */
export function sigmoidGradient(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), one = f32x4.splat(1);
  for (let i = byteStart(p, chunk, chunks), n = byteStart(p, chunk + 1, chunks); i < n; i += 16) {
    const ys = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.mul(ys, f32x4.sub(one, ys))));
  }
}

/** dy, y, dx, length: (1 - y y) dy */
export function tanhGradient(p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), y: usize = arg(p, 1), dx: usize = arg(p, 2), one = f32x4.splat(1);
  for (let i = byteStart(p, chunk, chunks), n = byteStart(p, chunk + 1, chunks); i < n; i += 16) {
    const ys = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(f32x4.sub(one, f32x4.mul(ys, ys)), v128.load(dy + i)));
  }
}
