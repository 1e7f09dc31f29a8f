import { expect } from 'vitest';

/** A small generator (Park and Miller, 1988), so that the shapes are the same in every run. */
export function randomly(seed: number) {
  let state = seed;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return {
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)],
  };
}

/** Whether values are off by less than `tolerance` times the largest one, array by array. */
export function expectClose(
  ours: readonly Float32Array[],
  theirs: readonly ArrayLike<number>[],
  { tolerance, names = ['y', 'dx', 'dw'] }: { tolerance: number; names?: readonly string[] },
): void {
  expect(ours.map(({ length }) => length)).toEqual(theirs.map(({ length }) => length));
  ours.forEach((values, i) => {
    const largest = Array.from(theirs[i]).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // NaN is no smaller than anything.
    const error = values.reduce((most, value, j) => {
      const off = Math.abs(value - theirs[i][j]);
      return off <= most ? most : off;
    }, 0);
    if (largest === 0) expect(error, names[i]).toBe(0);
    else expect(error / largest, names[i]).toBeLessThan(tolerance);
  });
}
