import { readFileSync } from 'node:fs';
import { InputError } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { cosineDecay, inverseTimeDecay, oneCycle, stepDecay, warmUp } from '../src/index.js';

const ratesAt = (schedule: (index: number, rate: number) => number, indices: number[]) =>
  indices.map((index) => schedule(index, NaN));
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12));

describe('stepDecay', () => {
  it('is multiplied by the factor at regular intervals', () => {
    expect(ratesAt(stepDecay({ initialLearningRate: 1, factor: 0.5, every: 2 }), [0, 1, 2, 3, 4])).toEqual([
      1, 1, 0.5, 0.5, 0.25,
    ]);
  });

  it('is multiplied by the factor at listed indices', () => {
    expect(
      ratesAt(
        stepDecay({ initialLearningRate: 1, factor: 0.5, every: [82, 123] }),
        [0, 81, 82, 122, 123, 999],
      ),
    ).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
  });
});

describe('inverseTimeDecay', () => {
  it('is half the initial rate if decay times index is 1', () => {
    expect(ratesAt(inverseTimeDecay({ initialLearningRate: 1e-4, decay: 1e-6 }), [0, 1_000_000])).toEqual([
      1e-4, 5e-5,
    ]);
  });
});

describe('cosineDecay', () => {
  it('begins at the initial rate, ends at the minimum and stays there', () => {
    const schedule = cosineDecay({ initialLearningRate: 3, total: 10, minLearningRate: 1 });
    expect(ratesAt(schedule, [0, 5, 10, 11])).toEqual(close([3, 2, 1, 1]));
  });
});

// PyTorch's OneCycleLR, one rate per step.
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
    'is equal to PyTorch for $max_lr in $total_steps steps',
    ({ max_lr: maxLearningRate, total_steps: total, pct_start: riseFraction, rates, ...factors }) => {
      const initialLearningRate = factors.div_factor && maxLearningRate / factors.div_factor;
      const finalLearningRate =
        initialLearningRate && factors.final_div_factor && initialLearningRate / factors.final_div_factor;
      const schedule = oneCycle({
        maxLearningRate,
        total,
        riseFraction,
        initialLearningRate,
        finalLearningRate,
      });
      rates.forEach((rate, index) => expect(schedule(index, NaN)).toBeCloseTo(rate, 12));
    },
  );

  it('rises from a 25th of the maximum, and falls to a 10,000th of the initial rate', () => {
    const schedule = oneCycle({ maxLearningRate: 1, total: 11, riseFraction: 5 / 11 });
    expect(ratesAt(schedule, [0, 2, 4, 7, 10, 20])).toEqual(
      close([0.04, (1 + 0.04) / 2, 1, (1 + 0.04 / 1e4) / 2, 0.04 / 1e4, 0.04 / 1e4]),
    );
  });

  it('only falls or only rises for a riseFraction of 0 or 1', () => {
    expect(
      ratesAt(oneCycle({ maxLearningRate: 1, total: 2, riseFraction: 1, initialLearningRate: 0 }), [0, 1]),
    ).toEqual(close([0, 1]));
    const falling = ratesAt(
      oneCycle({ maxLearningRate: 1, total: 5, riseFraction: 0, finalLearningRate: 0 }),
      [0, 1, 2, 3, 4],
    );
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect(falling[4]).toBeCloseTo(0, 12);
  });
});

describe('warmUp', () => {
  it('rises in equal parts to the first rate of a schedule that begins after it', () => {
    const schedule = warmUp(cosineDecay({ initialLearningRate: 1, total: 2 }), { steps: 4 });
    expect(ratesAt(schedule, [0, 1, 2, 3, 4, 5, 6])).toEqual(close([0.25, 0.5, 0.75, 1, 1, 0.5, 0]));
  });

  it('passes the current rate to the schedule', () => {
    const schedule = warmUp((_, rate) => rate / 2, { steps: 1 });
    expect(schedule(3, 8)).toBe(4);
  });
});

it.each([
  [
    () => stepDecay({ initialLearningRate: -1, every: 1 }),
    'Expected initialLearningRate to be a number >= 0, got -1',
  ],
  [() => stepDecay({ initialLearningRate: 1, every: 0 }), 'Expected every to be an integer >= 1, got 0'],
  [
    () => stepDecay({ initialLearningRate: 1, every: '5' as never }),
    'Expected every to be an integer or an array of integers, got "5"',
  ],
  [
    () => stepDecay({ initialLearningRate: 1, every: [1.5] }),
    'Expected every[0] to be an integer >= 0, got 1.5',
  ],
  [
    () => inverseTimeDecay({ initialLearningRate: 1, decay: -1 }),
    'Expected decay to be a number >= 0, got -1',
  ],
  [() => cosineDecay({ initialLearningRate: 1, total: 0 }), 'Expected total to be an integer >= 1, got 0'],
  [() => oneCycle({ maxLearningRate: 1, total: 1 }), 'Expected total to be an integer >= 2, got 1'],
  [
    () => oneCycle({ maxLearningRate: 1, total: 9, riseFraction: 2 }),
    'Expected riseFraction to be a number from 0 to 1, got 2',
  ],
  [() => warmUp(() => 1, { steps: 0 }), 'Expected steps to be an integer >= 1, got 0'],
  [() => warmUp(1 as never, { steps: 1 }), 'Expected schedule to be a function, got number'],
])('a schedule refuses an option out of range: %s', (make, message) => {
  expect(make).toThrow(new InputError(message));
});
