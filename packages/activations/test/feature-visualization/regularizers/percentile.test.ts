import { expect, it } from 'vitest';
import { percentile } from '../../../src/feature-visualization/regularizers/percentile.js';

it('percentile interpolates as NumPy does', () => {
  expect(percentile(Float32Array.of(3, 1, 2, 10), 40)).toBeCloseTo(2.2, 6);
  expect(percentile(Float32Array.of(3, 1, 2, 10), 100)).toBe(10);
});
