/*
 * Powers with broadcasting, one value at a time; squares are products, which are rounded exactly. Arguments
 * as in binary.ts.
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';

export function pairPower(p: usize, chunk: i32, chunks: i32): void {
  const a = arg(p, 0) as usize, b = arg(p, 1) as usize;
  const length = arg(p, 4), strideA = arg(p, 5), strideB = arg(p, 6), d1 = arg(p, 7), d2 = arg(p, 8);
  const total = arg(p, 3) * length;
  const first = chunkStart(total, chunk, chunks), last = chunkStart(total, chunk + 1, chunks);
  let out = (arg(p, 2) as usize) + (first << 2);
  for (let i = first; i < last; i++) {
    const row = i / length, column = (i - row * length) << 2;
    const i2 = row % d2, i1 = row / d2 % d1, i0 = row / d2 / d1;
    const base = load<f32>(a + i0 * arg(p, 9) + i1 * arg(p, 10) + i2 * arg(p, 11) + column * strideA);
    const exponent = load<f32>(b + i0 * arg(p, 12) + i1 * arg(p, 13) + i2 * arg(p, 14) + column * strideB);
    store<f32>(out, exponent == 2 ? base * base : Mathf.pow(base, exponent));
    out += 4;
  }
}
