/*
 * Batch norm over rows of channels (NHWC or 2D), in two passes over memory: sums, then values.
 * Within a chunk of rows, 16 or 8 channels at a time keep their sums or coefficients in registers. Sums within a chunk are
 * float32, across chunks float64.
 *
 * statistics: float32 [4][channels]: mean, gamma / deviation, 1 / deviation, beta.
 */
import { arg, argFloat } from './arguments';
import { add, mul, normalized, normalizedOne, sub } from './batch-norm-values';
import { addOne, addWide, chunkRows, roundUp } from './rows';
export { rowParts } from './rows';

const SAMPLES: i32 = 16;

/** Sums of x - guess and its square over a chunk, added to s and q. */
function sumChunk(x: usize, rows: i32, channels: i32, guess: usize, s: usize, q: usize): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    const at: usize = (c as usize) << 2;
    const g0 = v128.load(guess + at), g1 = v128.load(guess + at, 16), g2 = v128.load(guess + at, 32), g3 = v128.load(guess + at, 48);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
    for (let p = x + at, r = 0; r < rows; r++, p += step) {
      const d0 = sub(v128.load(p), g0);
      s0 = add(s0, d0); q0 = add(q0, mul(d0, d0));
      const d1 = sub(v128.load(p, 16), g1);
      s1 = add(s1, d1); q1 = add(q1, mul(d1, d1));
      const d2 = sub(v128.load(p, 32), g2);
      s2 = add(s2, d2); q2 = add(q2, mul(d2, d2));
      const d3 = sub(v128.load(p, 48), g3);
      s3 = add(s3, d3); q3 = add(q3, mul(d3, d3));
    }
    const sp = s + 2 * at, qp = q + 2 * at;
    addWide(sp, s0); addWide(sp + 32, s1); addWide(sp + 64, s2); addWide(sp + 96, s3);
    addWide(qp, q0); addWide(qp + 32, q1); addWide(qp + 64, q2); addWide(qp + 96, q3);
  }
  for (; c + 4 <= channels; c += 4) {
    const at: usize = (c as usize) << 2;
    const g0 = v128.load(guess + at);
    let s0 = f32x4.splat(0), q0 = s0;
    for (let p = x + at, r = 0; r < rows; r++, p += step) {
      const d0 = sub(v128.load(p), g0);
      s0 = add(s0, d0); q0 = add(q0, mul(d0, d0));
    }
    addWide(s + 2 * at, s0);
    addWide(q + 2 * at, q0);
  }
  for (; c < channels; c++) {
    const at: usize = (c as usize) << 2;
    const g0 = load<f32>(guess + at);
    let s0: f32 = 0, q0: f32 = 0;
    for (let p = x + at, r = 0; r < rows; r++, p += step) {
      const d0 = load<f32>(p) - g0;
      s0 += d0; q0 += d0 * d0;
    }
    addOne(s + 2 * at, s0);
    addOne(q + 2 * at, q0);
  }
}

/** x, rows, channels, parts, records [part][mean float64, squared distances from it float64, guess float32][channels] */
export function batchNormMoments(p: usize, thread: i32, threads: i32): void {
  const x: usize = arg(p, 0), rows = arg(p, 1), channels = arg(p, 2), parts = arg(p, 3);
  const bytes: usize = channels << 2, longest = chunkRows(channels), size = roundUp(rows, parts);
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const mean = (arg(p, 4) as usize) + part * 5 * bytes, squares = mean + 2 * bytes, guess = squares + 2 * bytes;
    const begin = part * size, end = min(rows, begin + size), count = end - begin;
    memory.fill(mean, 0, 4 * bytes);
    // Distances from a guess near the mean lose no digits where the mean is far from 0.
    const samples = min(SAMPLES, count);
    for (let c: usize = 0; c < bytes; c += 4) {
      let sum: f32 = 0;
      for (let i = 0; i < samples; i++) sum += load<f32>(x + (begin + count / samples * i) * bytes + c);
      store<f32>(guess + c, sum / (samples as f32));
    }
    for (let row = begin; row < end; row += longest)
      sumChunk(x + row * bytes, min(longest, end - row), channels, guess, mean, squares);
    for (let c = 0; c < channels; c++) {
      const s = mean + (c << 3), q = squares + (c << 3), sum = load<f64>(s);
      store<f64>(q, load<f64>(q) - sum * sum / (count as f64));
      store<f64>(s, sum / (count as f64) + load<f32>(guess + (c << 2)));
    }
  }
}

/** rows, channels, parts, records, gamma, beta, epsilon, statistics, moving mean, moving variance, 1 - momentum */
export function batchNormStatistics(p: usize, thread: i32, threads: i32): void {
  const rows = arg(p, 0), channels = arg(p, 1), parts = arg(p, 2), records: usize = arg(p, 3);
  const gamma: usize = arg(p, 4), beta: usize = arg(p, 5), statistics: usize = arg(p, 7);
  const movingMean: usize = arg(p, 8), movingVariance: usize = arg(p, 9), decay = argFloat(p, 10);
  const bytes: usize = channels << 2, size = roundUp(rows, parts);
  for (let c = channels * thread / threads; c < channels * (thread + 1) / threads; c++) {
    const first = records + (c << 3), at: usize = c << 2;
    let mean: f64 = 0, squares: f64 = 0;
    for (let part = 0; part < parts; part++)
      mean += load<f64>(first + part * 5 * bytes) * (min(size, rows - part * size) as f64);
    mean /= rows as f64;
    for (let part = 0; part < parts; part++) {
      const record = first + part * 5 * bytes, distance = load<f64>(record) - mean;
      squares += load<f64>(record + 2 * bytes) + distance * distance * (min(size, rows - part * size) as f64);
    }
    const variance = max<f64>(0, squares / (rows as f64));
    setStatistics(statistics + at, bytes, mean, variance, load<f32>(gamma + at), load<f32>(beta + at), argFloat(p, 6));
    if (movingMean) move(movingMean + at, mean as f32, decay);
    if (movingVariance) move(movingVariance + at, variance as f32, decay);
  }
}

// @ts-ignore: decorator
@inline
function setStatistics(p: usize, bytes: usize, mean: f64, variance: f64, gamma: f32, beta: f32, epsilon: f32): void {
  const inverse = 1 / sqrt<f64>(variance + epsilon);
  store<f32>(p, mean as f32);
  store<f32>(p + bytes, (gamma * inverse) as f32);
  store<f32>(p + 2 * bytes, inverse as f32);
  store<f32>(p + 3 * bytes, beta);
}

/** As the layer of TensorFlow.js moves them, each step rounded to float32. */
// @ts-ignore: decorator
@inline
function move(p: usize, value: f32, decay: f32): void {
  const before = load<f32>(p);
  store<f32>(p, before - (before - value) * decay);
}

/** channels, mean, variance, gamma or 0, beta or 0, epsilon, statistics: for inference */
export function batchNormGiven(p: usize, thread: i32, threads: i32): void {
  const channels = arg(p, 0), mean: usize = arg(p, 1), variance: usize = arg(p, 2), gamma: usize = arg(p, 3), beta: usize = arg(p, 4);
  for (let c = 0; c < channels; c++) {
    const at: usize = c << 2;
    const g: f32 = gamma ? load<f32>(gamma + at) : 1, b: f32 = beta ? load<f32>(beta + at) : 0;
    setStatistics((arg(p, 6) as usize) + at, channels << 2, load<f32>(mean + at), load<f32>(variance + at), g, b, argFloat(p, 5));
  }
}

// @ts-ignore: decorator
@inline
function activated(y: v128, rectify: bool): v128 { return rectify ? f32x4.pmax(y, f32x4.splat(0)) : y; }

// @ts-ignore: decorator
@inline
function normalizeChunk(x: usize, y: usize, rows: i32, channels: i32, statistics: usize, rectify: bool): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    const at: usize = (c as usize) << 2;
    const m = statistics + at, s = m + step, b = s + 2 * step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), m2 = v128.load(m, 32), m3 = v128.load(m, 48);
    const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    for (let i = at, r = 0; r < rows; r++, i += step) {
      v128.store(y + i, activated(normalized(v128.load(x + i), m0, s0, b0), rectify));
      v128.store(y + i, activated(normalized(v128.load(x + i, 16), m1, s1, b1), rectify), 16);
      v128.store(y + i, activated(normalized(v128.load(x + i, 32), m2, s2, b2), rectify), 32);
      v128.store(y + i, activated(normalized(v128.load(x + i, 48), m3, s3, b3), rectify), 48);
    }
  }
  for (; c + 4 <= channels; c += 4) {
    const at: usize = (c as usize) << 2;
    const m = v128.load(statistics + at), s = v128.load(statistics + step + at), b = v128.load(statistics + 3 * step + at);
    for (let i = at, r = 0; r < rows; r++, i += step)
      v128.store(y + i, activated(normalized(v128.load(x + i), m, s, b), rectify));
  }
  for (; c < channels; c++) {
    const at: usize = (c as usize) << 2;
    const m = load<f32>(statistics + at), s = load<f32>(statistics + step + at), b = load<f32>(statistics + 3 * step + at);
    for (let i = at, r = 0; r < rows; r++, i += step) {
      const value = normalizedOne(load<f32>(x + i), m, s, b);
      store<f32>(y + i, rectify && value < 0 ? 0 : value);
    }
  }
}

/** x, y, rows, channels, statistics, rectify (0 or 1): (x - mean) gamma / deviation + beta, and max(0, that) */
export function batchNormApply(p: usize, thread: i32, threads: i32): void {
  const x: usize = arg(p, 0), y: usize = arg(p, 1), rows = arg(p, 2), channels = arg(p, 3), statistics: usize = arg(p, 4);
  const bytes: usize = channels << 2, longest = chunkRows(channels);
  const end = ((rows as i64) * (thread + 1) / threads) as i32;
  for (let row = ((rows as i64) * thread / threads) as i32; row < end; row += longest) {
    const count = min(longest, end - row), at = row * bytes;
    if (arg(p, 5)) normalizeChunk(x + at, y + at, count, channels, statistics, true);
    else normalizeChunk(x + at, y + at, count, channels, statistics, false);
  }
}
