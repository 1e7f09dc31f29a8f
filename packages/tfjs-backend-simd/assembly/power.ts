/* Powers with broadcasting, one value after the other; squares are products, exactly rounded. Arguments as in binary.ts. */
import { arg, portion } from './arguments';

export function pairPower(p: usize, thread: i32, threads: i32): void {
  const a = arg(p, 0) as usize, b = arg(p, 1) as usize;
  const length = arg(p, 4), as = arg(p, 5), bs = arg(p, 6), d1 = arg(p, 7), d2 = arg(p, 8);
  const total = arg(p, 3) * length;
  const first = portion(total, thread, threads), last = portion(total, thread + 1, threads);
  let out = (arg(p, 2) as usize) + (first << 2);
  for (let i = first; i < last; i++) {
    const row = i / length, column = (i - row * length) << 2;
    const i2 = row % d2, i1 = row / d2 % d1, i0 = row / d2 / d1;
    const base = load<f32>(a + i0 * arg(p, 9) + i1 * arg(p, 10) + i2 * arg(p, 11) + column * as);
    const exponent = load<f32>(b + i0 * arg(p, 12) + i1 * arg(p, 13) + i2 * arg(p, 14) + column * bs);
    store<f32>(out, exponent == 2 ? base * base : Mathf.pow(base, exponent));
    out += 4;
  }
}
