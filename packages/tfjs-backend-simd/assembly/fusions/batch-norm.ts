/*
 * Batch norm over rows of channels (NHWC or 2D), in two passes over memory: sums, then values. Within a block
 * of rows, the sums or coefficients of 16 or 8 channels at a time stay in registers. Sums within a block are
 * float32, across blocks float64.
 *
 * statistics: float32 [4][channels]: mean, gamma / deviation, 1 / deviation, beta.
 */
import { relu } from '../common/activations';
import { arg, argFloat } from '../common/arguments';
import { add, mul, sub } from '../common/vectors';
import { normalize, normalizeScalar } from './batch-norm-values';
import { addScalarToFloat64, addToFloat64, rowsPerBlock, divideRoundingUp } from '../common/row-parts';
export { rowParts } from '../common/row-parts';

/** Rows of a part whose mean is the shift. */
const SAMPLES: i32 = 16;

/** Adds the sums of x - shift and of its square over a block to s and q. */
function sumBlock(x: usize, rows: i32, channels: i32, shift: usize, s: usize, q: usize): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    const offset: usize = (c as usize) << 2;
    const g0 = v128.load(shift + offset), g1 = v128.load(shift + offset, 16);
    const g2 = v128.load(shift + offset, 32), g3 = v128.load(shift + offset, 48);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
    for (let p = x + offset, r = 0; r < rows; r++, p += step) {
      const d0 = sub(v128.load(p), g0);
      s0 = add(s0, d0); q0 = add(q0, mul(d0, d0));
      const d1 = sub(v128.load(p, 16), g1);
      s1 = add(s1, d1); q1 = add(q1, mul(d1, d1));
      const d2 = sub(v128.load(p, 32), g2);
      s2 = add(s2, d2); q2 = add(q2, mul(d2, d2));
      const d3 = sub(v128.load(p, 48), g3);
      s3 = add(s3, d3); q3 = add(q3, mul(d3, d3));
    }
    const sp = s + 2 * offset, qp = q + 2 * offset;
    addToFloat64(sp, s0); addToFloat64(sp + 32, s1); addToFloat64(sp + 64, s2); addToFloat64(sp + 96, s3);
    addToFloat64(qp, q0); addToFloat64(qp + 32, q1); addToFloat64(qp + 64, q2); addToFloat64(qp + 96, q3);
  }
  for (; c + 4 <= channels; c += 4) {
    const offset: usize = (c as usize) << 2;
    const g0 = v128.load(shift + offset);
    let s0 = f32x4.splat(0), q0 = s0;
    for (let p = x + offset, r = 0; r < rows; r++, p += step) {
      const d0 = sub(v128.load(p), g0);
      s0 = add(s0, d0); q0 = add(q0, mul(d0, d0));
    }
    addToFloat64(s + 2 * offset, s0);
    addToFloat64(q + 2 * offset, q0);
  }
  for (; c < channels; c++) {
    const offset: usize = (c as usize) << 2;
    const g0 = load<f32>(shift + offset);
    let s0: f32 = 0, q0: f32 = 0;
    for (let p = x + offset, r = 0; r < rows; r++, p += step) {
      const d0 = load<f32>(p) - g0;
      s0 += d0; q0 += d0 * d0;
    }
    addScalarToFloat64(s + 2 * offset, s0);
    addScalarToFloat64(q + 2 * offset, q0);
  }
}

/**
 * x, rows, channels, parts, records
 * [part][mean float64, sum of squared deviations float64, shift float32][channels]
 */
export function batchNormMoments(p: usize, chunk: i32, chunks: i32): void {
  const x: usize = arg(p, 0), rows = arg(p, 1), channels = arg(p, 2), parts = arg(p, 3);
  const rowBytes: usize = channels << 2, blockRows = rowsPerBlock(channels);
  const partRows = divideRoundingUp(rows, parts);
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const mean = (arg(p, 4) as usize) + part * 5 * rowBytes, squares = mean + 2 * rowBytes;
    const shift = squares + 2 * rowBytes;
    const firstRow = part * partRows, endRow = min(rows, firstRow + partRows), count = endRow - firstRow;
    memory.fill(mean, 0, 4 * rowBytes);
    // Shifted data: sums of x - shift, with a shift near the mean, do not cancel where the mean is large.
    const samples = min(SAMPLES, count);
    for (let c: usize = 0; c < rowBytes; c += 4) {
      let sum: f32 = 0;
      for (let i = 0; i < samples; i++) sum += load<f32>(x + (firstRow + count / samples * i) * rowBytes + c);
      store<f32>(shift + c, sum / (samples as f32));
    }
    for (let row = firstRow; row < endRow; row += blockRows)
      sumBlock(x + row * rowBytes, min(blockRows, endRow - row), channels, shift, mean, squares);
    for (let c = 0; c < channels; c++) {
      const s = mean + (c << 3), q = squares + (c << 3), sum = load<f64>(s);
      store<f64>(q, load<f64>(q) - sum * sum / (count as f64));
      store<f64>(s, sum / (count as f64) + load<f32>(shift + (c << 2)));
    }
  }
}

/**
 * rows, channels, parts, records, gamma, beta, epsilon, statistics, moving mean or 0, moving variance or 0,
 * 1 - momentum
 */
export function batchNormStatistics(p: usize, chunk: i32, chunks: i32): void {
  const rows = arg(p, 0), channels = arg(p, 1), parts = arg(p, 2), records: usize = arg(p, 3);
  const gamma: usize = arg(p, 4), beta: usize = arg(p, 5), statistics: usize = arg(p, 7);
  const movingMean: usize = arg(p, 8), movingVariance: usize = arg(p, 9), rate = argFloat(p, 10);
  const rowBytes: usize = channels << 2, partRows = divideRoundingUp(rows, parts);
  for (let c = channels * chunk / chunks; c < channels * (chunk + 1) / chunks; c++) {
    const firstRecord = records + (c << 3), offset: usize = c << 2;
    let mean: f64 = 0, squares: f64 = 0;
    for (let part = 0; part < parts; part++)
      mean += load<f64>(firstRecord + part * 5 * rowBytes) * (min(partRows, rows - part * partRows) as f64);
    mean /= rows as f64;
    for (let part = 0; part < parts; part++) {
      const record = firstRecord + part * 5 * rowBytes, distance = load<f64>(record) - mean;
      const count = min(partRows, rows - part * partRows) as f64;
      squares += load<f64>(record + 2 * rowBytes) + distance * distance * count;
    }
    const variance = max<f64>(0, squares / (rows as f64));
    setStatistics(
      statistics + offset, rowBytes, mean, variance, load<f32>(gamma + offset), load<f32>(beta + offset),
      argFloat(p, 6),
    );
    if (movingMean) updateMovingAverage(movingMean + offset, mean as f32, rate);
    if (movingVariance) updateMovingAverage(movingVariance + offset, variance as f32, rate);
  }
}

// @ts-ignore: decorator
@inline
function setStatistics(
  p: usize, rowBytes: usize, mean: f64, variance: f64, gamma: f32, beta: f32, epsilon: f32,
): void {
  const inverse = 1 / sqrt<f64>(variance + epsilon);
  store<f32>(p, mean as f32);
  store<f32>(p + rowBytes, (gamma * inverse) as f32);
  store<f32>(p + 2 * rowBytes, inverse as f32);
  store<f32>(p + 3 * rowBytes, beta);
}

/** The moving-average update of TensorFlow.js, each operation rounded to float32. */
// @ts-ignore: decorator
@inline
function updateMovingAverage(p: usize, value: f32, rate: f32): void {
  const average = load<f32>(p);
  store<f32>(p, average - (average - value) * rate);
}

/** channels, mean, variance, gamma or 0, beta or 0, epsilon, statistics: the statistics for inference */
export function batchNormInferenceStatistics(p: usize, chunk: i32, chunks: i32): void {
  const channels = arg(p, 0), mean: usize = arg(p, 1), variance: usize = arg(p, 2), gamma: usize = arg(p, 3);
  const beta: usize = arg(p, 4);
  for (let c = 0; c < channels; c++) {
    const offset: usize = c << 2;
    const g: f32 = gamma ? load<f32>(gamma + offset) : 1, b: f32 = beta ? load<f32>(beta + offset) : 0;
    setStatistics(
      (arg(p, 6) as usize) + offset, channels << 2, load<f32>(mean + offset), load<f32>(variance + offset), g,
      b, argFloat(p, 5),
    );
  }
}

// @ts-ignore: decorator
@inline
function rectify(y: v128, rectified: bool): v128 { return rectified ? relu(y) : y; }

// @ts-ignore: decorator
@inline
function normalizeBlock(
  x: usize, y: usize, rows: i32, channels: i32, statistics: usize, rectified: bool,
): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    const offset: usize = (c as usize) << 2;
    const m = statistics + offset, s = m + step, b = s + 2 * step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), m2 = v128.load(m, 32), m3 = v128.load(m, 48);
    const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      v128.store(y + i, rectify(normalize(v128.load(x + i), m0, s0, b0), rectified));
      v128.store(y + i, rectify(normalize(v128.load(x + i, 16), m1, s1, b1), rectified), 16);
      v128.store(y + i, rectify(normalize(v128.load(x + i, 32), m2, s2, b2), rectified), 32);
      v128.store(y + i, rectify(normalize(v128.load(x + i, 48), m3, s3, b3), rectified), 48);
    }
  }
  for (; c + 4 <= channels; c += 4) {
    const offset: usize = (c as usize) << 2;
    const m = v128.load(statistics + offset), s = v128.load(statistics + step + offset);
    const b = v128.load(statistics + 3 * step + offset);
    for (let i = offset, r = 0; r < rows; r++, i += step)
      v128.store(y + i, rectify(normalize(v128.load(x + i), m, s, b), rectified));
  }
  for (; c < channels; c++) {
    const offset: usize = (c as usize) << 2;
    const m = load<f32>(statistics + offset), s = load<f32>(statistics + step + offset);
    const b = load<f32>(statistics + 3 * step + offset);
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const value = normalizeScalar(load<f32>(x + i), m, s, b);
      store<f32>(y + i, rectified && value < 0 ? 0 : value);
    }
  }
}

/**
 * x, y, rows, channels, statistics, rectify (0 or 1): (x - mean) gamma / deviation + beta, and the maximum of
 * 0 and that if `rectify`
 */
export function batchNormApply(p: usize, chunk: i32, chunks: i32): void {
  const x: usize = arg(p, 0), y: usize = arg(p, 1), rows = arg(p, 2), channels = arg(p, 3);
  const statistics: usize = arg(p, 4);
  const rowBytes: usize = channels << 2, blockRows = rowsPerBlock(channels);
  const endRow = ((rows as i64) * (chunk + 1) / chunks) as i32;
  for (let row = ((rows as i64) * chunk / chunks) as i32; row < endRow; row += blockRows) {
    const count = min(blockRows, endRow - row), offset = row * rowBytes;
    if (arg(p, 5)) normalizeBlock(x + offset, y + offset, count, channels, statistics, true);
    else normalizeBlock(x + offset, y + offset, count, channels, statistics, false);
  }
}
