/*
 * Gradients of activation functions in one pass, with the infinities and NaN of TensorFlow.js, which multiplies
 * dy by a mask. Loads and stores may reach past the end of a tensor: blocks of memory are multiples of 64 bytes.
 */
import { nanWhereNan, reluGradientOf, zeroUnless } from '../common/activations';
import { arg, argFloat } from '../common/arguments';
import { alignedChunkStart } from '../common/chunks';
import { addToFloat64, rowsPerBlock, divideRoundingUp } from '../common/row-parts';

enum GradientOp { LeakyRelu, Relu, Relu6, Sigmoid, Tanh }

/** dx from dy and the saved tensor. `op` is a constant where this is inlined, so that one branch remains. */
// @ts-ignore: decorator
@inline
function apply(op: GradientOp, dy: v128, saved: v128, alpha: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  if (op == GradientOp.LeakyRelu)
    return v128.bitselect(dy, f32x4.mul(dy, alpha), f32x4.gt(saved, zero));
  if (op == GradientOp.Relu) return reluGradientOf(dy, saved);
  if (op == GradientOp.Relu6)
    return nanWhereNan(
      saved, zeroUnless(v128.and(f32x4.gt(saved, zero), f32x4.le(saved, f32x4.splat(6))), dy),
    );
  if (op == GradientOp.Sigmoid) return f32x4.mul(dy, f32x4.mul(saved, f32x4.sub(one, saved)));
  return f32x4.mul(f32x4.sub(one, f32x4.mul(saved, saved)), dy);
}

/** dy, saved, dx, length, alpha */
// @ts-ignore: decorator
@inline
function map(op: GradientOp, p: usize, chunk: i32, chunks: i32): void {
  const dy: usize = arg(p, 0), saved: usize = arg(p, 1), dx: usize = arg(p, 2), length = arg(p, 3);
  const alpha = f32x4.splat(argFloat(p, 4));
  let i = (alignedChunkStart(length, chunk, chunks) as usize) << 2;
  const end = (alignedChunkStart(length, chunk + 1, chunks) as usize) << 2;
  for (; i + 64 <= end; i += 64) {
    v128.store(dx + i, apply(op, v128.load(dy + i), v128.load(saved + i), alpha));
    v128.store(dx + i, apply(op, v128.load(dy + i, 16), v128.load(saved + i, 16), alpha), 16);
    v128.store(dx + i, apply(op, v128.load(dy + i, 32), v128.load(saved + i, 32), alpha), 32);
    v128.store(dx + i, apply(op, v128.load(dy + i, 48), v128.load(saved + i, 48), alpha), 48);
  }
  for (; i < end; i += 16)
    v128.store(dx + i, apply(op, v128.load(dy + i), v128.load(saved + i), alpha));
}

/** dy where x > 0, else alpha dy */
export function leakyReluGradient(p: usize, chunk: i32, chunks: i32): void {
  map(GradientOp.LeakyRelu, p, chunk, chunks);
}
/** dy where y (or x) > 0, else 0 dy; NaN where y is NaN */
export function reluGradient(p: usize, chunk: i32, chunks: i32): void {
  map(GradientOp.Relu, p, chunk, chunks);
}
/** dy where 0 < x <= 6, else 0 dy; NaN where x is NaN */
export function relu6Gradient(p: usize, chunk: i32, chunks: i32): void {
  map(GradientOp.Relu6, p, chunk, chunks);
}
/** dy (y (1 - y)) */
export function sigmoidGradient(p: usize, chunk: i32, chunks: i32): void {
  map(GradientOp.Sigmoid, p, chunk, chunks);
}
/** (1 - y y) dy */
export function tanhGradient(p: usize, chunk: i32, chunks: i32): void {
  map(GradientOp.Tanh, p, chunk, chunks);
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
      // A block of the three tensors does not fit into the L1 cache: the fewer passes, the better.
      for (; c + 128 <= rowBytes; c += 128) {
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (let i = blockStart + c; i < blockEnd; i += rowBytes) {
          const g0 = reluGradientOf(v128.load(dy + i), v128.load(y + i));
          v128.store(dx + i, g0);
          s0 = f32x4.add(s0, g0);
          const g1 = reluGradientOf(v128.load(dy + i, 16), v128.load(y + i, 16));
          v128.store(dx + i, g1, 16);
          s1 = f32x4.add(s1, g1);
          const g2 = reluGradientOf(v128.load(dy + i, 32), v128.load(y + i, 32));
          v128.store(dx + i, g2, 32);
          s2 = f32x4.add(s2, g2);
          const g3 = reluGradientOf(v128.load(dy + i, 48), v128.load(y + i, 48));
          v128.store(dx + i, g3, 48);
          s3 = f32x4.add(s3, g3);
          const g4 = reluGradientOf(v128.load(dy + i, 64), v128.load(y + i, 64));
          v128.store(dx + i, g4, 64);
          s4 = f32x4.add(s4, g4);
          const g5 = reluGradientOf(v128.load(dy + i, 80), v128.load(y + i, 80));
          v128.store(dx + i, g5, 80);
          s5 = f32x4.add(s5, g5);
          const g6 = reluGradientOf(v128.load(dy + i, 96), v128.load(y + i, 96));
          v128.store(dx + i, g6, 96);
          s6 = f32x4.add(s6, g6);
          const g7 = reluGradientOf(v128.load(dy + i, 112), v128.load(y + i, 112));
          v128.store(dx + i, g7, 112);
          s7 = f32x4.add(s7, g7);
        }
        const q = sums + 2 * c;
        addToFloat64(q, s0); addToFloat64(q + 32, s1); addToFloat64(q + 64, s2); addToFloat64(q + 96, s3);
        addToFloat64(q + 128, s4); addToFloat64(q + 160, s5); addToFloat64(q + 192, s6);
        addToFloat64(q + 224, s7);
      }
      for (; c + 64 <= rowBytes; c += 64) {
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (let i = blockStart + c; i < blockEnd; i += rowBytes) {
          const g0 = reluGradientOf(v128.load(dy + i), v128.load(y + i));
          v128.store(dx + i, g0);
          s0 = f32x4.add(s0, g0);
          const g1 = reluGradientOf(v128.load(dy + i, 16), v128.load(y + i, 16));
          v128.store(dx + i, g1, 16);
          s1 = f32x4.add(s1, g1);
          const g2 = reluGradientOf(v128.load(dy + i, 32), v128.load(y + i, 32));
          v128.store(dx + i, g2, 32);
          s2 = f32x4.add(s2, g2);
          const g3 = reluGradientOf(v128.load(dy + i, 48), v128.load(y + i, 48));
          v128.store(dx + i, g3, 48);
          s3 = f32x4.add(s3, g3);
        }
        const q = sums + 2 * c;
        addToFloat64(q, s0); addToFloat64(q + 32, s1); addToFloat64(q + 64, s2); addToFloat64(q + 96, s3);
      }
      for (; c < rowBytes; c += 16) {
        let sum = zero;
        for (let i = blockStart + c; i < blockEnd; i += rowBytes) {
          const g = reluGradientOf(v128.load(dy + i), v128.load(y + i));
          v128.store(dx + i, g);
          sum = f32x4.add(sum, g);
        }
        addToFloat64(sums + 2 * c, sum);
      }
    }
  }
}
