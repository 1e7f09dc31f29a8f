/*
 * One step of an optimizer over all variables. The table has a row for each variable: the addresses of its
 * values, its gradient and up to three slots, and its length. Values and slots are updated in place, with the
 * operations of TensorFlow.js in the same order, each rounded to float32, so that the results are the same
 * bits. The last vector of a variable may reach past its end: blocks of memory are multiples of 64 bytes.
 */
import { arg, argFloat } from '../common/arguments';
import { alignedChunkStart } from '../common/chunks';
import { add, div, mul } from '../common/vectors';

const ROW_BYTES: usize = 24;

/** The offset of the first byte of a chunk of a variable. */
// @ts-ignore: decorator
@inline
function byteStart(row: usize, chunk: i32, chunks: i32): usize {
  return (alignedChunkStart(load<i32>(row, 20), chunk, chunks) as usize) << 2;
}

/** The end of the chunk. */
// @ts-ignore: decorator
@inline
function byteEnd(row: usize, chunk: i32, chunks: i32): usize { return byteStart(row, chunk + 1, chunks); }

/** A float argument in all lanes. */
// @ts-ignore: decorator
@inline
function splat(p: usize, i: i32): v128 { return f32x4.splat(argFloat(p, i)); }

// @ts-ignore: decorator
@inline
function sqrt4(a: v128): v128 { return f32x4.sqrt(a); }

/** table, variables, -learningRate: value += -learningRate gradient */
export function stepSgd(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16)
      v128.store(value + i, add(mul(rate, v128.load(gradient + i)), v128.load(value + i)));
  }
}

/** table, variables, -learningRate, momentum, nesterov (0 or 1) */
export function stepMomentum(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), momentum = splat(p, 3), nesterov = arg(p, 4);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4), slot: usize = load<i32>(row, 8);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const a = add(mul(momentum, v128.load(slot + i)), g);
      v128.store(slot + i, a);
      const step = nesterov ? add(g, mul(a, momentum)) : a;
      v128.store(value + i, add(mul(rate, step), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate, beta1, 1 - beta1, beta2, 1 - beta2, 1 - beta1^t, 1 - beta2^t, epsilon */
export function stepAdam(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), beta1 = splat(p, 3), oneMinusBeta1 = splat(p, 4), beta2 = splat(p, 5);
  const oneMinusBeta2 = splat(p, 6);
  const correction1 = splat(p, 7), correction2 = splat(p, 8), epsilon = splat(p, 9);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const firstMoment: usize = load<i32>(row, 8), secondMoment: usize = load<i32>(row, 12);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const m = add(mul(v128.load(firstMoment + i), beta1), mul(g, oneMinusBeta1));
      const v = add(mul(v128.load(secondMoment + i), beta2), mul(mul(g, g), oneMinusBeta2));
      v128.store(firstMoment + i, m);
      v128.store(secondMoment + i, v);
      const step = div(div(m, correction1), add(sqrt4(div(v, correction2)), epsilon));
      v128.store(value + i, add(mul(step, rate), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate / (1 - beta1^t), beta1, 1 - beta1, beta2, epsilon */
export function stepAdamax(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), beta1 = splat(p, 3), oneMinusBeta1 = splat(p, 4), beta2 = splat(p, 5);
  const epsilon = splat(p, 6);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const firstMoment: usize = load<i32>(row, 8), norm: usize = load<i32>(row, 12);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const m = add(mul(v128.load(firstMoment + i), beta1), mul(g, oneMinusBeta1));
      const u = f32x4.max(mul(v128.load(norm + i), beta2), f32x4.abs(g));
      v128.store(firstMoment + i, m);
      v128.store(norm + i, u);
      v128.store(value + i, add(mul(rate, div(m, add(u, epsilon))), v128.load(value + i)));
    }
  }
}

/** table, variables, learningRate, decay, 1 - decay, momentum, epsilon, centered (0 or 1) */
export function stepRmsprop(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), decay = splat(p, 3), oneMinusDecay = splat(p, 4), momentum = splat(p, 5);
  const epsilon = splat(p, 6);
  const centered = arg(p, 7);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const squares: usize = load<i32>(row, 8), moments: usize = load<i32>(row, 12);
    const means: usize = load<i32>(row, 16);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const square = add(mul(v128.load(squares + i), decay), mul(mul(g, g), oneMinusDecay));
      let variance = add(square, epsilon);
      if (centered) {
        const mean = add(mul(v128.load(means + i), decay), mul(g, oneMinusDecay));
        v128.store(means + i, mean);
        variance = f32x4.sub(square, add(mul(mean, mean), epsilon));
      }
      const moment = add(mul(v128.load(moments + i), momentum), div(mul(g, rate), sqrt4(variance)));
      v128.store(squares + i, square);
      v128.store(moments + i, moment);
      v128.store(value + i, f32x4.sub(v128.load(value + i), moment));
    }
  }
}

/** table, variables, -learningRate, epsilon */
export function stepAdagrad(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), epsilon = splat(p, 3);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const squares: usize = load<i32>(row, 8);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const square = add(v128.load(squares + i), mul(g, g));
      v128.store(squares + i, square);
      v128.store(value + i, add(mul(div(g, sqrt4(add(square, epsilon))), rate), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate, rho, 1 - rho, epsilon */
export function stepAdadelta(p: usize, chunk: i32, chunks: i32): void {
  const rate = splat(p, 2), rho = splat(p, 3), oneMinusRho = splat(p, 4), epsilon = splat(p, 5);
  for (let row: usize = arg(p, 0), end = row + ROW_BYTES * arg(p, 1); row < end; row += ROW_BYTES) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const squares: usize = load<i32>(row, 8), updates: usize = load<i32>(row, 12);
    for (let i = byteStart(row, chunk, chunks), n = byteEnd(row, chunk, chunks); i < n; i += 16) {
      const g = v128.load(gradient + i), s = v128.load(squares + i), u = v128.load(updates + i);
      const update = mul(div(sqrt4(add(u, epsilon)), sqrt4(add(s, epsilon))), g);
      v128.store(squares + i, add(mul(s, rho), mul(mul(g, g), oneMinusRho)));
      v128.store(updates + i, add(mul(u, rho), mul(mul(update, update), oneMinusRho)));
      v128.store(value + i, add(mul(update, rate), v128.load(value + i)));
    }
  }
}
