import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { selectLanes, storeLanes } from '../common/lanes';
import { exp4 } from '../common/transcendental';

/** x, y, rows, length: exp(x - max), divided by its sum over the row */
export function softmax(p: usize, chunk: i32, chunks: i32): void {
  const rows = arg(p, 2), length = arg(p, 3);
  const bytes = (length as usize) << 2;
  const none = f32x4.splat(-Infinity), zero = f32x4.splat(0);
  for (let r = chunkStart(rows, chunk, chunks); r < chunkStart(rows, chunk + 1, chunks); r++) {
    const x = (arg(p, 0) as usize) + r * bytes, y = (arg(p, 1) as usize) + r * bytes;
    let largest = none;
    let c = 0;
    for (; c + 4 <= length; c += 4) largest = f32x4.max(largest, v128.load(x + (c << 2)));
    if (c < length) largest = f32x4.max(largest, selectLanes(length - c, v128.load(x + (c << 2)), none));
    largest = f32x4.max(largest, i32x4.shuffle(largest, largest, 2, 3, 0, 1));
    largest = f32x4.max(largest, i32x4.shuffle(largest, largest, 1, 0, 3, 2));
    let low = f64x2.splat(0), high = f64x2.splat(0);
    for (c = 0; c + 4 <= length; c += 4) {
      const e = exp4(f32x4.sub(v128.load(x + (c << 2)), largest));
      low = f64x2.add(low, f64x2.promote_low_f32x4(e));
      high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 0, 1)));
      v128.store(y + (c << 2), e);
    }
    if (c < length) {
      const e = selectLanes(length - c, exp4(f32x4.sub(v128.load(x + (c << 2)), largest)), zero);
      low = f64x2.add(low, f64x2.promote_low_f32x4(e));
      high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(e, e, 2, 3, 0, 1)));
      storeLanes(y + (c << 2), length - c, e);
    }
    const pair = f64x2.add(low, high);
    const scale = f32x4.splat((1 / (f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1))) as f32);
    for (c = 0; c + 4 <= length; c += 4) v128.store(y + (c << 2), f32x4.mul(v128.load(y + (c << 2)), scale));
    if (c < length) storeLanes(y + (c << 2), length - c, f32x4.mul(v128.load(y + (c << 2)), scale));
  }
}
