/*
 * Normalization with a mean and variance per value: the statistics of a layer normalization after
 * broadcasting.
 */
import { arg, argFloat } from '../common/arguments';
import { chunkStart } from '../common/chunks';

/** x, mean, variance, scale or 0, offset or 0, epsilon, y, length: (x - mean) scale / deviation + offset */
export function layerNormApply(p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, mean = arg(p, 1) as usize, variance = arg(p, 2) as usize;
  const scale = arg(p, 3) as usize, offset = arg(p, 4) as usize, y = arg(p, 6) as usize;
  const epsilon = f32x4.splat(argFloat(p, 5)), fours = (arg(p, 7) + 3) >> 2;
  for (let four = chunkStart(fours, chunk, chunks); four < chunkStart(fours, chunk + 1, chunks); four++) {
    const i: usize = four << 4;
    let value = f32x4.sub(v128.load(x + i), v128.load(mean + i));
    if (scale) value = f32x4.mul(value, v128.load(scale + i));
    value = f32x4.div(value, f32x4.sqrt(f32x4.add(v128.load(variance + i), epsilon)));
    v128.store(y + i, offset ? f32x4.add(v128.load(offset + i), value) : value);
  }
}
