import { expect } from 'vitest';

/** A seeded random generator (Park and Miller, 1988), so that the shapes are the same in every run. */
export function seededRandom(seed: number) {
  let state = seed;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return {
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)],
  };
}

/** The largest error, relative to the largest expected value. NaN if there is a NaN. */
export const relativeError = (actual: Float32Array, expected: Float32Array): number =>
  actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i])), 0) /
  Math.max(1e-30, ...expected.map(Math.abs));

/** Asserts that errors are below `tolerance` times the largest expected value, array by array. */
export function expectClose(
  actual: readonly Float32Array[],
  expected: readonly ArrayLike<number>[],
  { tolerance, names = ['y', 'dx', 'dw'] }: { tolerance: number; names?: readonly string[] },
): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  actual.forEach((values, i) => {
    const largest = Array.from(expected[i]).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    // Math.max propagates NaN, which is not less than the tolerance.
    const error = values.reduce((max, value, j) => Math.max(max, Math.abs(value - expected[i][j])), 0);
    if (largest === 0) expect(error, names[i]).toBe(0);
    else expect(error / largest, names[i]).toBeLessThan(tolerance);
  });
}
