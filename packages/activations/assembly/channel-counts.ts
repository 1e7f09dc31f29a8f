/*
 * Adds up values that lie [places][channels], channel by channel: what src/stream/channel-counts.ts does, four channels at a
 * time. `table` says where a value is counted by the first 13 bits of its float32.
 */

/** Bytes of values that stay in the processor's cache while they are read twice. */
const BLOCK: i32 = 32768;

// @ts-ignore: decorator
@inline
function addMoments(values: usize, places: i32, step: usize, c: usize, sums: usize, squares: usize, mins: usize, maxs: usize): void {
  let low = v128.load(sums + (c << 1)), high = v128.load(sums + (c << 1), 16);
  let lowSquares = v128.load(squares + (c << 1)), highSquares = v128.load(squares + (c << 1), 16);
  let min = v128.load(mins + c), max = v128.load(maxs + c);
  let p = values + c;
  for (let i = 0; i < places; i++) {
    const v = v128.load(p);
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1));
    low = f64x2.add(low, a);
    high = f64x2.add(high, b);
    lowSquares = f64x2.add(lowSquares, f64x2.mul(a, a));
    highSquares = f64x2.add(highSquares, f64x2.mul(b, b));
    // A NaN is not taken.
    min = f32x4.pmin(min, v);
    max = f32x4.pmax(max, v);
    p += step;
  }
  v128.store(sums + (c << 1), low); v128.store(sums + (c << 1), high, 16);
  v128.store(squares + (c << 1), lowSquares); v128.store(squares + (c << 1), highSquares, 16);
  v128.store(mins + c, min); v128.store(maxs + c, max);
}

/** The same for one channel; c counts bytes of the values. */
// @ts-ignore: decorator
@inline
function addMoment(values: usize, places: i32, step: usize, c: usize, sums: usize, squares: usize, mins: usize, maxs: usize): void {
  let sum = load<f64>(sums + (c << 1)), square = load<f64>(squares + (c << 1));
  let min = load<f32>(mins + c), max = load<f32>(maxs + c);
  let p = values + c;
  for (let i = 0; i < places; i++) {
    const v = load<f32>(p);
    sum += v as f64;
    square += (v as f64) * (v as f64);
    if (v < min) min = v;
    if (v > max) max = v;
    p += step;
  }
  store<f64>(sums + (c << 1), sum);
  store<f64>(squares + (c << 1), square);
  store<f32>(mins + c, min);
  store<f32>(maxs + c, max);
}

export function add(
  values: usize, places: i32, channels: i32, slots: i32,
  table: usize, sums: usize, squares: usize, mins: usize, maxs: usize, counts: usize,
): void {
  const step = (channels as usize) << 2, width = (slots as usize) << 2;
  const atOnce = max(1, BLOCK / (channels << 2));
  for (let done = 0; done < places; done += atOnce) {
    const now = min(atOnce, places - done);
    let c: usize = 0;
    for (; c + 16 <= step; c += 16) addMoments(values, now, step, c, sums, squares, mins, maxs);
    for (; c < step; c += 4) addMoment(values, now, step, c, sums, squares, mins, maxs);
    for (let i = 0; i < now; i++) {
      let to = counts;
      const end = values + step;
      for (; values < end; values += 4) {
        const slot = to + ((load<u16>(table + ((load<u32>(values) >>> 19) << 1)) as usize) << 2);
        store<u32>(slot, load<u32>(slot) + 1);
        to += width;
      }
    }
  }
}

/** Adds up what is above zero of the values, as a rectifier behind the layer would put it out. */
export function addPositive(values: usize, places: i32, channels: i32, sums: usize, squares: usize): void {
  const step = (channels as usize) << 2;
  const none = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 16 <= step; c += 16) {
    let low = v128.load(sums + (c << 1)), high = v128.load(sums + (c << 1), 16);
    let lowSquares = v128.load(squares + (c << 1)), highSquares = v128.load(squares + (c << 1), 16);
    let p = values + c;
    for (let i = 0; i < places; i++) {
      // A NaN stays one.
      const v = f32x4.max(v128.load(p), none);
      const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1));
      low = f64x2.add(low, a);
      high = f64x2.add(high, b);
      lowSquares = f64x2.add(lowSquares, f64x2.mul(a, a));
      highSquares = f64x2.add(highSquares, f64x2.mul(b, b));
      p += step;
    }
    v128.store(sums + (c << 1), low); v128.store(sums + (c << 1), high, 16);
    v128.store(squares + (c << 1), lowSquares); v128.store(squares + (c << 1), highSquares, 16);
  }
  for (; c < step; c += 4) {
    let sum = load<f64>(sums + (c << 1)), square = load<f64>(squares + (c << 1));
    let p = values + c;
    for (let i = 0; i < places; i++) {
      const v = max<f32>(load<f32>(p), 0) as f64;
      sum += v;
      square += v * v;
      p += step;
    }
    store<f64>(sums + (c << 1), sum);
    store<f64>(squares + (c << 1), square);
  }
}
