/*
 * One step of an optimizer over all variables at once. A table has a row for each variable: the addresses of its values, its
 * gradient and up to three slots, and its length. Values and slots are changed in place, with the operations of
 * TensorFlow.js in their order, each rounded to float32, so that the results are the same bits. The last vector of a
 * variable may reach past its end: blocks of memory are multiples of 64 bytes.
 */
import { arg, argFloat, share } from './arguments';

const ROW: usize = 24;

// @ts-ignore: decorator
@inline
function begin(row: usize, thread: i32, threads: i32): usize { return (share(load<i32>(row, 20), thread, threads) as usize) << 2; }

// @ts-ignore: decorator
@inline
function end(row: usize, thread: i32, threads: i32): usize { return begin(row, thread + 1, threads); }

// @ts-ignore: decorator
@inline
function splat(p: usize, i: i32): v128 { return f32x4.splat(argFloat(p, i)); }

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }

// @ts-ignore: decorator
@inline
function div(a: v128, b: v128): v128 { return f32x4.div(a, b); }

// @ts-ignore: decorator
@inline
function root(a: v128): v128 { return f32x4.sqrt(a); }

/** table, variables, -learningRate: value += -learningRate gradient */
export function stepSgd(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16)
      v128.store(value + i, add(mul(rate, v128.load(gradient + i)), v128.load(value + i)));
  }
}

/** table, variables, -learningRate, momentum, Nesterov's (0 or 1) */
export function stepMomentum(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), momentum = splat(p, 3), nesterov = arg(p, 4);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4), slot: usize = load<i32>(row, 8);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const a = add(mul(momentum, v128.load(slot + i)), g);
      v128.store(slot + i, a);
      const step = nesterov ? add(g, mul(a, momentum)) : a;
      v128.store(value + i, add(mul(rate, step), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate, beta1, 1 - beta1, beta2, 1 - beta2, 1 - beta1^t, 1 - beta2^t, epsilon */
export function stepAdam(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), beta1 = splat(p, 3), rest1 = splat(p, 4), beta2 = splat(p, 5), rest2 = splat(p, 6);
  const correction1 = splat(p, 7), correction2 = splat(p, 8), epsilon = splat(p, 9);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const first: usize = load<i32>(row, 8), second: usize = load<i32>(row, 12);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const m = add(mul(v128.load(first + i), beta1), mul(g, rest1));
      const v = add(mul(v128.load(second + i), beta2), mul(mul(g, g), rest2));
      v128.store(first + i, m);
      v128.store(second + i, v);
      const step = div(div(m, correction1), add(root(div(v, correction2)), epsilon));
      v128.store(value + i, add(mul(step, rate), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate / (1 - beta1^t), beta1, 1 - beta1, beta2, epsilon */
export function stepAdamax(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), beta1 = splat(p, 3), rest1 = splat(p, 4), beta2 = splat(p, 5), epsilon = splat(p, 6);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const first: usize = load<i32>(row, 8), norm: usize = load<i32>(row, 12);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const m = add(mul(v128.load(first + i), beta1), mul(g, rest1));
      const u = f32x4.max(mul(v128.load(norm + i), beta2), f32x4.abs(g));
      v128.store(first + i, m);
      v128.store(norm + i, u);
      v128.store(value + i, add(mul(rate, div(m, add(u, epsilon))), v128.load(value + i)));
    }
  }
}

/** table, variables, learningRate, decay, 1 - decay, momentum, epsilon, centered (0 or 1) */
export function stepRmsprop(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), decay = splat(p, 3), rest = splat(p, 4), momentum = splat(p, 5), epsilon = splat(p, 6);
  const centered = arg(p, 7);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const squares: usize = load<i32>(row, 8), moments: usize = load<i32>(row, 12), means: usize = load<i32>(row, 16);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const square = add(mul(v128.load(squares + i), decay), mul(mul(g, g), rest));
      let spread = add(square, epsilon);
      if (centered) {
        const mean = add(mul(v128.load(means + i), decay), mul(g, rest));
        v128.store(means + i, mean);
        spread = f32x4.sub(square, add(mul(mean, mean), epsilon));
      }
      const moment = add(mul(v128.load(moments + i), momentum), div(mul(g, rate), root(spread)));
      v128.store(squares + i, square);
      v128.store(moments + i, moment);
      v128.store(value + i, f32x4.sub(v128.load(value + i), moment));
    }
  }
}

/** table, variables, -learningRate, epsilon */
export function stepAdagrad(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), epsilon = splat(p, 3);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4), squares: usize = load<i32>(row, 8);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i);
      const square = add(v128.load(squares + i), mul(g, g));
      v128.store(squares + i, square);
      v128.store(value + i, add(mul(div(g, root(add(square, epsilon))), rate), v128.load(value + i)));
    }
  }
}

/** table, variables, -learningRate, rho, 1 - rho, epsilon */
export function stepAdadelta(p: usize, thread: i32, threads: i32): void {
  const rate = splat(p, 2), rho = splat(p, 3), rest = splat(p, 4), epsilon = splat(p, 5);
  for (let row: usize = arg(p, 0), last = row + ROW * arg(p, 1); row < last; row += ROW) {
    const value: usize = load<i32>(row), gradient: usize = load<i32>(row, 4);
    const squares: usize = load<i32>(row, 8), updates: usize = load<i32>(row, 12);
    for (let i = begin(row, thread, threads), n = end(row, thread, threads); i < n; i += 16) {
      const g = v128.load(gradient + i), s = v128.load(squares + i), u = v128.load(updates + i);
      const update = mul(div(root(add(u, epsilon)), root(add(s, epsilon))), g);
      v128.store(squares + i, add(mul(s, rho), mul(mul(g, g), rest)));
      v128.store(updates + i, add(mul(u, rho), mul(mul(update, update), rest)));
      v128.store(value + i, add(mul(update, rate), v128.load(value + i)));
    }
  }
}
