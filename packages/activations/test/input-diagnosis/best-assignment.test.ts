import { randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from '../../src/input-diagnosis/best-assignment.js';

describe('bestAssignment', () => {
  const permutations = (values: number[]): number[][] =>
    values.length === 0
      ? [[]]
      : values.flatMap((value) =>
          permutations(values.filter((other) => other !== value)).map((list) => [value, ...list]),
        );

  it('has the gain of the best of all permutations', () => {
    const random = randomAt(11);
    for (let trial = 0; trial < 60; trial++) {
      const rows = 1 + (trial % 6);
      const gains = Array.from({ length: rows * rows }, () => Math.floor(10 * random()) - 3);
      const valueOf = (columns: readonly number[]) =>
        columns.reduce((sum, column, row) => sum + gains[row * rows + column], 0);
      const assignment = bestAssignment(gains, rows);
      expect([...assignment].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
      const all = permutations(Array.from({ length: rows }, (_, i) => i)).map(valueOf);
      expect(valueOf(assignment)).toBe(Math.max(...all));
    }
  });
});
