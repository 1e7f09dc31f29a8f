/*
 * The kernels of src/statistics/simd-adder.ts: add values, positions x channels, to the accumulators of each
 * channel, four channels at a time. Offsets `c` count bytes of the values; the sums are doubles, at twice the
 * offset. `table` holds the slot of each float32 by its first 13 bits (src/statistics/channel-slots.ts).
 */

/** Bytes of values per block: each block is read twice, and stays in the cache of the processor. */
const BLOCK: i32 = 32768;

/** Adds to the sums and extremes of four channels. `c` is the offset of the first channel in bytes. */
// @ts-ignore: decorator
@inline
function addMoments(values: usize, positions: i32, stride: usize, c: usize, sums: usize, squares: usize, mins: usize, maxs: usize): void {
  let low = v128.load(sums + (c << 1)), high = v128.load(sums + (c << 1), 16);
  let lowSquares = v128.load(squares + (c << 1)), highSquares = v128.load(squares + (c << 1), 16);
  let min = v128.load(mins + c), max = v128.load(maxs + c);
  let p = values + c;
  for (let i = 0; i < positions; i++) {
    const v = v128.load(p);
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1));
    low = f64x2.add(low, a);
    high = f64x2.add(high, b);
    lowSquares = f64x2.add(lowSquares, f64x2.mul(a, a));
    highSquares = f64x2.add(highSquares, f64x2.mul(b, b));
    // The minimum and maximum ignore NaN.
    min = f32x4.pmin(min, v);
    max = f32x4.pmax(max, v);
    p += stride;
  }
  v128.store(sums + (c << 1), low); v128.store(sums + (c << 1), high, 16);
  v128.store(squares + (c << 1), lowSquares); v128.store(squares + (c << 1), highSquares, 16);
  v128.store(mins + c, min); v128.store(maxs + c, max);
}

/** The same for one channel. `c` is the offset of the channel in bytes. */
// @ts-ignore: decorator
@inline
function addMoment(values: usize, positions: i32, stride: usize, c: usize, sums: usize, squares: usize, mins: usize, maxs: usize): void {
  let sum = load<f64>(sums + (c << 1)), square = load<f64>(squares + (c << 1));
  let min = load<f32>(mins + c), max = load<f32>(maxs + c);
  let p = values + c;
  for (let i = 0; i < positions; i++) {
    const v = load<f32>(p);
    sum += v as f64;
    square += (v as f64) * (v as f64);
    if (v < min) min = v;
    if (v > max) max = v;
    p += stride;
  }
  store<f64>(sums + (c << 1), sum);
  store<f64>(squares + (c << 1), square);
  store<f32>(mins + c, min);
  store<f32>(maxs + c, max);
}

/** Adds values to sums, extremes and slot counts. */
export function add(
  values: usize, positions: i32, channels: i32, slots: i32,
  table: usize, sums: usize, squares: usize, mins: usize, maxs: usize, counts: usize,
): void {
  const stride = (channels as usize) << 2, slotBytes = (slots as usize) << 2;
  const blockPositions = max(1, BLOCK / (channels << 2));
  for (let start = 0; start < positions; start += blockPositions) {
    const count = min(blockPositions, positions - start);
    let c: usize = 0;
    for (; c + 16 <= stride; c += 16) addMoments(values, count, stride, c, sums, squares, mins, maxs);
    for (; c < stride; c += 4) addMoment(values, count, stride, c, sums, squares, mins, maxs);
    for (let i = 0; i < count; i++) {
      let channelSlots = counts;
      const end = values + stride;
      for (; values < end; values += 4) {
        const slot = channelSlots + ((load<u16>(table + ((load<u32>(values) >>> 19) << 1)) as usize) << 2);
        store<u32>(slot, load<u32>(slot) + 1);
        channelSlots += slotBytes;
      }
    }
  }
}

/** Adds max(0, value), the output of a ReLU, to sums and sums of squares. */
export function addPositive(values: usize, positions: i32, channels: i32, sums: usize, squares: usize): void {
  const stride = (channels as usize) << 2;
  const zero = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 16 <= stride; c += 16) {
    let low = v128.load(sums + (c << 1)), high = v128.load(sums + (c << 1), 16);
    let lowSquares = v128.load(squares + (c << 1)), highSquares = v128.load(squares + (c << 1), 16);
    let p = values + c;
    for (let i = 0; i < positions; i++) {
      // NaN stays NaN.
      const v = f32x4.max(v128.load(p), zero);
      const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1));
      low = f64x2.add(low, a);
      high = f64x2.add(high, b);
      lowSquares = f64x2.add(lowSquares, f64x2.mul(a, a));
      highSquares = f64x2.add(highSquares, f64x2.mul(b, b));
      p += stride;
    }
    v128.store(sums + (c << 1), low); v128.store(sums + (c << 1), high, 16);
    v128.store(squares + (c << 1), lowSquares); v128.store(squares + (c << 1), highSquares, 16);
  }
  for (; c < stride; c += 4) {
    let sum = load<f64>(sums + (c << 1)), square = load<f64>(squares + (c << 1));
    let p = values + c;
    for (let i = 0; i < positions; i++) {
      const v = max<f32>(load<f32>(p), 0) as f64;
      sum += v;
      square += v * v;
      p += stride;
    }
    store<f64>(sums + (c << 1), sum);
    store<f64>(squares + (c << 1), square);
  }
}
