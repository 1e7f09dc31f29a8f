import { expectInteger, expectNumber, InputError } from '@convlens/core';

/**
 * The learning rate of an epoch or a step, from its index (0-based) and the rate before it. Each function below returns
 * one that depends on the index alone.
 */
export type Schedule = (index: number, rate: number) => number;

const expectRate = (name: string, value: number) => expectNumber(name, value, { min: 0 });

export interface StepDecayOptions {
  /** At the start, 0 or above. */
  readonly rate: number;
  /** What the rate is multiplied by at each fall, 0 or above; default 0.1. */
  readonly factor?: number;
  /** It falls after every so many, >= 1, or at each of these indices (He et al. fall twice: [82, 123]). */
  readonly every: number | readonly number[];
}

/** Falls by a factor now and then: rate * factor ** floor(index / every). */
export function stepDecay({ rate, factor = 0.1, every }: StepDecayOptions): Schedule {
  expectRate('rate', rate);
  expectNumber('factor', factor, { min: 0 });
  if (typeof every === 'number') expectInteger('every', every, { min: 1 });
  else every.forEach((index, i) => expectInteger(`every[${i}]`, index));
  const falls = (index: number) =>
    typeof every === 'number' ? Math.floor(index / every) : every.filter((at) => at <= index).length;
  return (index) => rate * factor ** falls(index);
}

export interface InverseTimeDecayOptions {
  /** At the start, 0 or above. */
  readonly rate: number;
  /** How fast it falls, 0 or above, such as 1e-6 a step (what Keras's old `decay` did). */
  readonly decay: number;
}

/** Keras's InverseTimeDecay: rate / (1 + decay * index). */
export function inverseTimeDecay({ rate, decay }: InverseTimeDecayOptions): Schedule {
  expectRate('rate', rate);
  expectNumber('decay', decay, { min: 0 });
  return (index) => rate / (1 + decay * index);
}

export interface CosineDecayOptions {
  /** At the start, 0 or above. */
  readonly rate: number;
  /** The index at which the minimum is reached, >= 1. */
  readonly total: number;
  /** From there on; default 0. */
  readonly minimum?: number;
}

/** Half a cosine from the rate to the minimum (Loshchilov and Hutter, SGDR, 2017, without restarts). */
export function cosineDecay({ rate, total, minimum = 0 }: CosineDecayOptions): Schedule {
  expectRate('rate', rate);
  expectRate('minimum', minimum);
  expectInteger('total', total, { min: 1 });
  return (index) => cosine(rate, minimum, Math.min(1, index / total));
}

export interface OneCycleOptions {
  /** The highest rate, 0 or above. */
  readonly peak: number;
  /** How many epochs or steps the cycle has, >= 2. */
  readonly total: number;
  /** The share of them in which the rate rises, 0 to 1; default 0.3. */
  readonly rise?: number;
  /** The rate at the start; default peak / 25. */
  readonly start?: number;
  /** The rate of the last; default start / 10000. */
  readonly end?: number;
}

/**
 * Up along half a cosine and down along another: the one-cycle policy (Smith, 2018), as PyTorch's OneCycleLR computes it.
 * From `total` on the rate stays at its end.
 */
export function oneCycle({
  peak,
  total,
  rise = 0.3,
  start = peak / 25,
  end = start / 1e4,
}: OneCycleOptions): Schedule {
  expectRate('peak', peak);
  expectRate('start', start);
  expectRate('end', end);
  expectInteger('total', total, { min: 2 });
  expectNumber('rise', rise, { min: 0, max: 1 });
  const top = rise * total - 1;
  return (index) => {
    if (index <= top) return top > 0 ? cosine(start, peak, index / top) : peak;
    return top < total - 1 ? cosine(peak, end, Math.min(1, (index - top) / (total - 1 - top))) : peak;
  };
}

/** Rises in `steps` (>= 1) equal parts to the first rate of a schedule, which begins after them (Goyal et al., 2017). */
export function warmUp(schedule: Schedule, { steps }: { readonly steps: number }): Schedule {
  expectInteger('steps', steps, { min: 1 });
  if (typeof schedule !== 'function')
    throw new InputError(`Expected schedule to be a function, got ${typeof schedule}`);
  return (index, rate) =>
    index < steps ? (schedule(0, rate) * (index + 1)) / steps : schedule(index - steps, rate);
}

const cosine = (from: number, to: number, share: number) =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
