/*
 * The gradient of batch norm, and of a ReLU after it, in two passes over memory: sums, then values. Chunks, sums and
 * statistics are those of batch-norm.ts.
 */
import { arg } from './arguments';
import { add, mul, normalized, normalizedOne, sub } from './batch-norm-values';
import { addOne, addWide, chunkRows, roundUp } from './rows';

/** dy where the activation passed, else 0: the activation is computed again as it was. */
// @ts-ignore: decorator
@inline
function passed(dy: v128, x: v128, mean: v128, scale: v128, beta: v128, rectified: bool): v128 {
  return rectified ? v128.and(dy, f32x4.gt(normalized(x, mean, scale, beta), f32x4.splat(0))) : dy;
}

// @ts-ignore: decorator
@inline
function passedOne(dy: f32, x: f32, mean: f32, scale: f32, beta: f32, rectified: bool): f32 {
  return rectified && !(normalizedOne(x, mean, scale, beta) > 0) ? 0 : dy;
}

/** Sums of dy and dy (x - mean) over a chunk, added to s and q. */
// @ts-ignore: decorator
@inline
function sumGradientChunk(x: usize, dy: usize, rows: i32, channels: i32, statistics: usize, s: usize, q: usize, rectified: bool): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const at: usize = (c as usize) << 2;
    const m = statistics + at, k = m + step, b = k + 2 * step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), k0 = v128.load(k), k1 = v128.load(k, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
    let s0 = f32x4.splat(0), s1 = s0, q0 = s0, q1 = s0;
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = passed(v128.load(dy + i), x0, m0, k0, b0, rectified);
      s0 = add(s0, g0); q0 = add(q0, mul(g0, sub(x0, m0)));
      const x1 = v128.load(x + i, 16), g1 = passed(v128.load(dy + i, 16), x1, m1, k1, b1, rectified);
      s1 = add(s1, g1); q1 = add(q1, mul(g1, sub(x1, m1)));
    }
    addWide(s + 2 * at, s0); addWide(s + 2 * at + 32, s1);
    addWide(q + 2 * at, q0); addWide(q + 2 * at + 32, q1);
  }
  for (; c + 4 <= channels; c += 4) {
    const at: usize = (c as usize) << 2;
    const m = v128.load(statistics + at), k = v128.load(statistics + step + at), b = v128.load(statistics + 3 * step + at);
    let s0 = f32x4.splat(0), q0 = s0;
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = passed(v128.load(dy + i), x0, m, k, b, rectified);
      s0 = add(s0, g0); q0 = add(q0, mul(g0, sub(x0, m)));
    }
    addWide(s + 2 * at, s0);
    addWide(q + 2 * at, q0);
  }
  for (; c < channels; c++) {
    const at: usize = (c as usize) << 2;
    const m = load<f32>(statistics + at), k = load<f32>(statistics + step + at), b = load<f32>(statistics + 3 * step + at);
    let s0: f32 = 0, q0: f32 = 0;
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = load<f32>(x + i), g0 = passedOne(load<f32>(dy + i), x0, m, k, b, rectified);
      s0 += g0; q0 += g0 * (x0 - m);
    }
    addOne(s + 2 * at, s0);
    addOne(q + 2 * at, q0);
  }
}

/** x, dy, rows, channels, parts, statistics, rectified (0 or 1), records [part][sum dy, sum dy (x - mean)][channels] float64 */
export function batchNormGradientSums(p: usize, thread: i32, threads: i32): void {
  const x: usize = arg(p, 0), dy: usize = arg(p, 1), rows = arg(p, 2), channels = arg(p, 3), parts = arg(p, 4), statistics: usize = arg(p, 5);
  const bytes: usize = channels << 2, longest = chunkRows(channels), size = roundUp(rows, parts);
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const s = (arg(p, 7) as usize) + part * 4 * bytes, q = s + 2 * bytes;
    const end = min(rows, (part + 1) * size);
    memory.fill(s, 0, 4 * bytes);
    for (let row = part * size; row < end; row += longest) {
      const count = min(longest, end - row), at = row * bytes;
      if (arg(p, 6)) sumGradientChunk(x + at, dy + at, count, channels, statistics, s, q, true);
      else sumGradientChunk(x + at, dy + at, count, channels, statistics, s, q, false);
    }
  }
}

/** rows, channels, parts, records, statistics, dgamma, dbeta, coefficients [2][channels] */
export function batchNormGradientCoefficients(p: usize, thread: i32, threads: i32): void {
  const rows = arg(p, 0), channels = arg(p, 1), parts = arg(p, 2), records: usize = arg(p, 3), statistics: usize = arg(p, 4);
  const bytes: usize = channels << 2;
  for (let c = channels * thread / threads; c < channels * (thread + 1) / threads; c++) {
    const at: usize = c << 2;
    let sum: f64 = 0, product: f64 = 0;
    for (let part = 0; part < parts; part++) {
      const record = records + part * 4 * bytes + 2 * at;
      sum += load<f64>(record);
      product += load<f64>(record + 2 * bytes);
    }
    const scale: f64 = load<f32>(statistics + bytes + at), inverse: f64 = load<f32>(statistics + 2 * bytes + at);
    store<f32>((arg(p, 5) as usize) + at, (product * inverse) as f32);
    store<f32>((arg(p, 6) as usize) + at, sum as f32);
    const coefficients = (arg(p, 7) as usize) + at;
    store<f32>(coefficients, (-scale * inverse * inverse * product / (rows as f64)) as f32);
    store<f32>(coefficients + bytes, (-scale * sum / (rows as f64)) as f32);
  }
}

/** dx of a chunk; its sums are added to t. */
// @ts-ignore: decorator
@inline
function gradientChunk(x: usize, dy: usize, dx: usize, rows: i32, channels: i32, statistics: usize, coefficients: usize, t: usize, rectified: bool): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const at: usize = (c as usize) << 2;
    const m = statistics + at, k = m + step, b = k + 2 * step, u = coefficients + at, v = u + step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), k0 = v128.load(k), k1 = v128.load(k, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
    const u0 = v128.load(u), u1 = v128.load(u, 16), v0 = v128.load(v), v1 = v128.load(v, 16);
    let t0 = f32x4.splat(0), t1 = t0;
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = passed(v128.load(dy + i), x0, m0, k0, b0, rectified);
      const d0 = add(mul(g0, k0), add(mul(sub(x0, m0), u0), v0));
      v128.store(dx + i, d0);
      t0 = add(t0, d0);
      const x1 = v128.load(x + i, 16), g1 = passed(v128.load(dy + i, 16), x1, m1, k1, b1, rectified);
      const d1 = add(mul(g1, k1), add(mul(sub(x1, m1), u1), v1));
      v128.store(dx + i, d1, 16);
      t1 = add(t1, d1);
    }
    addWide(t + 2 * at, t0); addWide(t + 2 * at + 32, t1);
  }
  for (; c + 4 <= channels; c += 4) {
    const at: usize = (c as usize) << 2;
    const m = v128.load(statistics + at), k = v128.load(statistics + step + at), b = v128.load(statistics + 3 * step + at);
    const u = v128.load(coefficients + at), v = v128.load(coefficients + step + at);
    let t0 = f32x4.splat(0);
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = passed(v128.load(dy + i), x0, m, k, b, rectified);
      const d0 = add(mul(g0, k), add(mul(sub(x0, m), u), v));
      v128.store(dx + i, d0);
      t0 = add(t0, d0);
    }
    addWide(t + 2 * at, t0);
  }
  for (; c < channels; c++) {
    const at: usize = (c as usize) << 2;
    const m = load<f32>(statistics + at), k = load<f32>(statistics + step + at), b = load<f32>(statistics + 3 * step + at);
    const u = load<f32>(coefficients + at), v = load<f32>(coefficients + step + at);
    let t0: f32 = 0;
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const x0 = load<f32>(x + i), g0 = passedOne(load<f32>(dy + i), x0, m, k, b, rectified);
      const d0 = g0 * k + ((x0 - m) * u + v);
      store<f32>(dx + i, d0);
      t0 += d0;
    }
    addOne(t + 2 * at, t0);
  }
}

/** x, dy, dx, rows, channels, parts, statistics, coefficients, rectified (0 or 1), sums of dx [part][channels] float64 */
export function batchNormGradient(p: usize, thread: i32, threads: i32): void {
  const x: usize = arg(p, 0), dy: usize = arg(p, 1), dx: usize = arg(p, 2), rows = arg(p, 3), channels = arg(p, 4), parts = arg(p, 5);
  const statistics: usize = arg(p, 6), coefficients: usize = arg(p, 7);
  const bytes: usize = channels << 2, longest = chunkRows(channels), size = roundUp(rows, parts);
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const t = (arg(p, 9) as usize) + part * 2 * bytes;
    const end = min(rows, (part + 1) * size);
    memory.fill(t, 0, 2 * bytes);
    for (let row = part * size; row < end; row += longest) {
      const count = min(longest, end - row), at = row * bytes;
      if (arg(p, 8)) gradientChunk(x + at, dy + at, dx + at, count, channels, statistics, coefficients, t, true);
      else gradientChunk(x + at, dy + at, dx + at, count, channels, statistics, coefficients, t, false);
    }
  }
}
