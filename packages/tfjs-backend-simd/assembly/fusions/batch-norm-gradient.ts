/*
 * The gradient of batch norm, and of a ReLU after it, in two passes over memory: sums, then values. Blocks,
 * sums and statistics are those of batch-norm.ts.
 */
import { nanWhereNan, zeroUnless } from '../common/activations';
import { arg } from '../common/arguments';
import { add, mul, sub } from '../common/vectors';
import { normalize, normalizeScalar } from './batch-norm-values';
import { addScalarToFloat64, addToFloat64, rowsPerBlock, divideRoundingUp } from '../common/row-parts';

/**
 * dy where the ReLU is linear, else 0 dy. The input of the ReLU is recomputed with the same operations as in the
 * forward pass.
 */
// @ts-ignore: decorator
@inline
function rectifiedGradient(dy: v128, x: v128, mean: v128, scale: v128, beta: v128, rectified: bool): v128 {
  return rectified ? zeroUnless(f32x4.gt(normalize(x, mean, scale, beta), f32x4.splat(0)), dy) : dy;
}

// @ts-ignore: decorator
@inline
function rectifiedGradientScalar(dy: f32, x: f32, mean: f32, scale: f32, beta: f32, rectified: bool): f32 {
  return rectified && !(normalizeScalar(x, mean, scale, beta) > 0) ? dy - dy : dy;
}

/**
 * The same for dx, where 0 suffices in place of 0 dy: a NaN in a gradient makes the sums of its channel NaN, and
 * they all values of dx.
 */
// @ts-ignore: decorator
@inline
function maskRelu(dy: v128, x: v128, mean: v128, scale: v128, beta: v128, rectified: bool): v128 {
  return rectified ? v128.and(dy, f32x4.gt(normalize(x, mean, scale, beta), f32x4.splat(0))) : dy;
}

// @ts-ignore: decorator
@inline
function maskReluScalar(dy: f32, x: f32, mean: f32, scale: f32, beta: f32, rectified: bool): f32 {
  return rectified && !(normalizeScalar(x, mean, scale, beta) > 0) ? 0 : dy;
}

/**
 * 0, or NaN where the input of the ReLU can be NaN, as its gradient is then: mean or scale is not finite, or beta is
 * NaN. With a finite mean x is finite.
 */
// @ts-ignore: decorator
@inline
function nanOfStatistics(mean: v128, scale: v128, beta: v128, rectified: bool): v128 {
  const sum = add(mean, scale);
  return rectified ? nanWhereNan(beta, sub(sum, sum)) : f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function nanOfStatisticsScalar(mean: f32, scale: f32, beta: f32, rectified: bool): f32 {
  const sum = mean + scale;
  return rectified ? (beta == beta ? sum - sum : beta) : 0;
}

/** Adds the sums of dy and dy (x - mean) over a block to s and q. */
// @ts-ignore: decorator
@inline
function sumGradientBlock(
  x: usize, dy: usize, rows: i32, channels: i32, statistics: usize, s: usize, q: usize, rectified: bool,
): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const offset: usize = (c as usize) << 2;
    const m = statistics + offset, k = m + step, b = k + 2 * step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), k0 = v128.load(k), k1 = v128.load(k, 16);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s0 = nanOfStatistics(m0, k0, b0, rectified), s1 = nanOfStatistics(m1, k1, b1, rectified);
    let q0 = s0, q1 = s1;
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = rectifiedGradient(v128.load(dy + i), x0, m0, k0, b0, rectified);
      s0 = add(s0, g0); q0 = add(q0, mul(g0, sub(x0, m0)));
      const x1 = v128.load(x + i, 16), g1 = rectifiedGradient(v128.load(dy + i, 16), x1, m1, k1, b1, rectified);
      s1 = add(s1, g1); q1 = add(q1, mul(g1, sub(x1, m1)));
    }
    addToFloat64(s + 2 * offset, s0); addToFloat64(s + 2 * offset + 32, s1);
    addToFloat64(q + 2 * offset, q0); addToFloat64(q + 2 * offset + 32, q1);
  }
  for (; c + 4 <= channels; c += 4) {
    const offset: usize = (c as usize) << 2;
    const m = v128.load(statistics + offset), k = v128.load(statistics + step + offset);
    const b = v128.load(statistics + 3 * step + offset);
    let s0 = nanOfStatistics(m, k, b, rectified), q0 = s0;
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = rectifiedGradient(v128.load(dy + i), x0, m, k, b, rectified);
      s0 = add(s0, g0); q0 = add(q0, mul(g0, sub(x0, m)));
    }
    addToFloat64(s + 2 * offset, s0);
    addToFloat64(q + 2 * offset, q0);
  }
  for (; c < channels; c++) {
    const offset: usize = (c as usize) << 2;
    const m = load<f32>(statistics + offset), k = load<f32>(statistics + step + offset);
    const b = load<f32>(statistics + 3 * step + offset);
    let s0 = nanOfStatisticsScalar(m, k, b, rectified), q0 = s0;
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = load<f32>(x + i), g0 = rectifiedGradientScalar(load<f32>(dy + i), x0, m, k, b, rectified);
      s0 += g0; q0 += g0 * (x0 - m);
    }
    addScalarToFloat64(s + 2 * offset, s0);
    addScalarToFloat64(q + 2 * offset, q0);
  }
}

/**
 * x, dy, rows, channels, parts, statistics, rectified (0 or 1), records [part][sum of dy, sum of dy (x -
 * mean)][channels] float64
 */
export function batchNormGradientSums(p: usize, chunk: i32, chunks: i32): void {
  const x: usize = arg(p, 0), dy: usize = arg(p, 1), rows = arg(p, 2), channels = arg(p, 3);
  const parts = arg(p, 4), statistics: usize = arg(p, 5);
  const rowBytes: usize = channels << 2, blockRows = rowsPerBlock(channels);
  const partRows = divideRoundingUp(rows, parts);
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const s = (arg(p, 7) as usize) + part * 4 * rowBytes, q = s + 2 * rowBytes;
    const endRow = min(rows, (part + 1) * partRows);
    memory.fill(s, 0, 4 * rowBytes);
    for (let row = part * partRows; row < endRow; row += blockRows) {
      const count = min(blockRows, endRow - row), offset = row * rowBytes;
      if (arg(p, 6)) sumGradientBlock(x + offset, dy + offset, count, channels, statistics, s, q, true);
      else sumGradientBlock(x + offset, dy + offset, count, channels, statistics, s, q, false);
    }
  }
}

/**
 * rows, channels, parts, records, statistics, dgamma, dbeta, coefficients [2][channels]: dx = dy scale + (x -
 * mean) u + v with the coefficients u, v
 */
export function batchNormGradientCoefficients(p: usize, chunk: i32, chunks: i32): void {
  const rows = arg(p, 0), channels = arg(p, 1), parts = arg(p, 2), records: usize = arg(p, 3);
  const statistics: usize = arg(p, 4);
  const rowBytes: usize = channels << 2;
  for (let c = channels * chunk / chunks; c < channels * (chunk + 1) / chunks; c++) {
    const offset: usize = c << 2;
    let sum: f64 = 0, product: f64 = 0;
    for (let part = 0; part < parts; part++) {
      const record = records + part * 4 * rowBytes + 2 * offset;
      sum += load<f64>(record);
      product += load<f64>(record + 2 * rowBytes);
    }
    const scale: f64 = load<f32>(statistics + rowBytes + offset);
    const inverse: f64 = load<f32>(statistics + 2 * rowBytes + offset);
    store<f32>((arg(p, 5) as usize) + offset, (product * inverse) as f32);
    store<f32>((arg(p, 6) as usize) + offset, sum as f32);
    const coefficients = (arg(p, 7) as usize) + offset;
    store<f32>(coefficients, (-scale * inverse * inverse * product / (rows as f64)) as f32);
    store<f32>(coefficients + rowBytes, (-scale * sum / (rows as f64)) as f32);
  }
}

/** Computes dx of a block, and adds its channel sums to t. */
// @ts-ignore: decorator
@inline
function gradientBlock(
  x: usize, dy: usize, dx: usize, rows: i32, channels: i32, statistics: usize, coefficients: usize, t: usize,
  rectified: bool,
): void {
  const step = (channels as usize) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const offset: usize = (c as usize) << 2;
    const m = statistics + offset, k = m + step, b = k + 2 * step, u = coefficients + offset, v = u + step;
    const m0 = v128.load(m), m1 = v128.load(m, 16), k0 = v128.load(k), k1 = v128.load(k, 16);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const u0 = v128.load(u), u1 = v128.load(u, 16), v0 = v128.load(v), v1 = v128.load(v, 16);
    let t0 = f32x4.splat(0), t1 = t0;
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = maskRelu(v128.load(dy + i), x0, m0, k0, b0, rectified);
      const d0 = add(mul(g0, k0), add(mul(sub(x0, m0), u0), v0));
      v128.store(dx + i, d0);
      t0 = add(t0, d0);
      const x1 = v128.load(x + i, 16), g1 = maskRelu(v128.load(dy + i, 16), x1, m1, k1, b1, rectified);
      const d1 = add(mul(g1, k1), add(mul(sub(x1, m1), u1), v1));
      v128.store(dx + i, d1, 16);
      t1 = add(t1, d1);
    }
    addToFloat64(t + 2 * offset, t0); addToFloat64(t + 2 * offset + 32, t1);
  }
  for (; c + 4 <= channels; c += 4) {
    const offset: usize = (c as usize) << 2;
    const m = v128.load(statistics + offset), k = v128.load(statistics + step + offset);
    const b = v128.load(statistics + 3 * step + offset);
    const u = v128.load(coefficients + offset), v = v128.load(coefficients + step + offset);
    let t0 = f32x4.splat(0);
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = v128.load(x + i), g0 = maskRelu(v128.load(dy + i), x0, m, k, b, rectified);
      const d0 = add(mul(g0, k), add(mul(sub(x0, m), u), v));
      v128.store(dx + i, d0);
      t0 = add(t0, d0);
    }
    addToFloat64(t + 2 * offset, t0);
  }
  for (; c < channels; c++) {
    const offset: usize = (c as usize) << 2;
    const m = load<f32>(statistics + offset), k = load<f32>(statistics + step + offset);
    const b = load<f32>(statistics + 3 * step + offset);
    const u = load<f32>(coefficients + offset), v = load<f32>(coefficients + step + offset);
    let t0: f32 = 0;
    for (let i = offset, r = 0; r < rows; r++, i += step) {
      const x0 = load<f32>(x + i), g0 = maskReluScalar(load<f32>(dy + i), x0, m, k, b, rectified);
      const d0 = g0 * k + ((x0 - m) * u + v);
      store<f32>(dx + i, d0);
      t0 += d0;
    }
    addScalarToFloat64(t + 2 * offset, t0);
  }
}

/**
 * x, dy, dx, rows, channels, parts, statistics, coefficients, rectified (0 or 1), channel sums of dx
 * [part][channels] float64
 */
export function batchNormGradient(p: usize, chunk: i32, chunks: i32): void {
  const x: usize = arg(p, 0), dy: usize = arg(p, 1), dx: usize = arg(p, 2), rows = arg(p, 3);
  const channels = arg(p, 4), parts = arg(p, 5);
  const statistics: usize = arg(p, 6), coefficients: usize = arg(p, 7);
  const rowBytes: usize = channels << 2, blockRows = rowsPerBlock(channels);
  const partRows = divideRoundingUp(rows, parts);
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const t = (arg(p, 9) as usize) + part * 2 * rowBytes;
    const endRow = min(rows, (part + 1) * partRows);
    memory.fill(t, 0, 2 * rowBytes);
    for (let row = part * partRows; row < endRow; row += blockRows) {
      const count = min(blockRows, endRow - row), offset = row * rowBytes;
      if (arg(p, 8))
        gradientBlock(
          x + offset, dy + offset, dx + offset, count, channels, statistics, coefficients, t, true,
        );
      else
        gradientBlock(
          x + offset, dy + offset, dx + offset, count, channels, statistics, coefficients, t, false,
        );
    }
  }
}
