import { readFileSync } from 'node:fs';
import { InputError } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { cosineDecay, inverseTimeDecay, oneCycle, stepDecay, warmUp } from '../src/index.js';

const at = (schedule: (index: number, rate: number) => number, indices: number[]) =>
  indices.map((index) => schedule(index, NaN));
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12));

describe('stepDecay', () => {
  it('falls after every so many', () => {
    expect(at(stepDecay({ rate: 1, factor: 0.5, every: 2 }), [0, 1, 2, 3, 4])).toEqual([
      1, 1, 0.5, 0.5, 0.25,
    ]);
  });

  it('falls at the given indices', () => {
    expect(at(stepDecay({ rate: 1, factor: 0.5, every: [82, 123] }), [0, 81, 82, 122, 123, 999])).toEqual([
      1, 1, 0.5, 0.5, 0.25, 0.25,
    ]);
  });
});

describe('inverseTimeDecay', () => {
  it('is half the rate where decay times index is one', () => {
    expect(at(inverseTimeDecay({ rate: 1e-4, decay: 1e-6 }), [0, 1_000_000])).toEqual([1e-4, 5e-5]);
  });
});

describe('cosineDecay', () => {
  it('is at the rate, half way and at the minimum where it should be, and stays there', () => {
    const schedule = cosineDecay({ rate: 3, total: 10, minimum: 1 });
    expect(at(schedule, [0, 5, 10, 11])).toEqual(close([3, 2, 1, 1]));
  });
});

// PyTorch's OneCycleLR, a rate a step.
const { cases: cycles } = JSON.parse(
  readFileSync(new URL('fixtures/one-cycle.json', import.meta.url), 'utf8'),
) as { cases: PyTorchCycle[] };

interface PyTorchCycle {
  readonly max_lr: number;
  readonly total_steps: number;
  readonly pct_start?: number;
  readonly div_factor?: number;
  readonly final_div_factor?: number;
  readonly rates: readonly number[];
}

describe('oneCycle', () => {
  it.each(cycles)(
    "is PyTorch's from $max_lr in $total_steps steps",
    ({ max_lr: peak, total_steps: total, pct_start: rise, rates, ...factors }) => {
      const start = factors.div_factor && peak / factors.div_factor;
      const end = start && factors.final_div_factor && start / factors.final_div_factor;
      const schedule = oneCycle({ peak, total, rise, start, end });
      rates.forEach((rate, index) => expect(schedule(index, NaN)).toBeCloseTo(rate, 12));
    },
  );

  it('rises from a 25th of the peak to the peak, and falls to a 10,000th of the start at the last index', () => {
    const schedule = oneCycle({ peak: 1, total: 11, rise: 5 / 11 });
    expect(at(schedule, [0, 2, 4, 7, 10, 20])).toEqual(
      close([0.04, (1 + 0.04) / 2, 1, (1 + 0.04 / 1e4) / 2, 0.04 / 1e4, 0.04 / 1e4]),
    );
  });

  it('falls all the way, or only rises, with a rise of 0 or 1', () => {
    expect(at(oneCycle({ peak: 1, total: 2, rise: 1, start: 0 }), [0, 1])).toEqual(close([0, 1]));
    const falling = at(oneCycle({ peak: 1, total: 5, rise: 0, end: 0 }), [0, 1, 2, 3, 4]);
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect(falling[4]).toBeCloseTo(0, 12);
  });
});

describe('warmUp', () => {
  it('rises in equal parts to the first rate of a schedule, which begins after it', () => {
    const schedule = warmUp(cosineDecay({ rate: 1, total: 2 }), { steps: 4 });
    expect(at(schedule, [0, 1, 2, 3, 4, 5, 6])).toEqual(close([0.25, 0.5, 0.75, 1, 1, 0.5, 0]));
  });

  it('hands the rate on to a schedule that builds on it', () => {
    const schedule = warmUp((_, rate) => rate / 2, { steps: 1 });
    expect(schedule(3, 8)).toBe(4);
  });
});

it.each([
  [() => stepDecay({ rate: -1, every: 1 }), 'Expected rate to be a number >= 0, got -1'],
  [() => stepDecay({ rate: 1, every: 0 }), 'Expected every to be an integer >= 1, got 0'],
  [() => stepDecay({ rate: 1, every: [1.5] }), 'Expected every[0] to be an integer >= 0, got 1.5'],
  [() => inverseTimeDecay({ rate: 1, decay: -1 }), 'Expected decay to be a number >= 0, got -1'],
  [() => cosineDecay({ rate: 1, total: 0 }), 'Expected total to be an integer >= 1, got 0'],
  [() => oneCycle({ peak: 1, total: 1 }), 'Expected total to be an integer >= 2, got 1'],
  [() => oneCycle({ peak: 1, total: 9, rise: 2 }), 'Expected rise to be a number from 0 to 1, got 2'],
  [() => warmUp(() => 1, { steps: 0 }), 'Expected steps to be an integer >= 1, got 0'],
  [() => warmUp(1 as never, { steps: 1 }), 'Expected schedule to be a function, got number'],
])('a schedule refuses options out of range: %s', (make, message) => {
  expect(make).toThrow(new InputError(message));
});
