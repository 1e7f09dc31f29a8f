import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelCorrelations, kernels } from '../../src/index.js';
import { modelWithCopy } from './similar-models.js';

beforeAll(() => tf.setBackend('cpu'));

/** Pearson's correlation by its definition. */
function correlation(a: number[], b: number[]): number {
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const covariance = (x: number[], y: number[]) =>
    mean(x.map((value, i) => (value - mean(x)) * (y[i] - mean(y))));
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}

describe('kernelCorrelations', () => {
  it("are Pearson's correlations of the kernels", async () => {
    const bank = await kernels(modelWithCopy(), { layer: 'conv' });
    const kernelOf = (filter: number) => [...bank.values].filter((_, i) => i % 4 === filter);
    const correlations = kernelCorrelations(bank);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++)
        expect(correlations[a * 4 + b]).toBeCloseTo(correlation(kernelOf(a), kernelOf(b)), 6);
  });

  it('are within -1 to 1 in spite of rounding: 1 for a copy, -1 for its negative', () => {
    const random = randomAt(4);
    for (let trial = 0; trial < 200; trial++) {
      const kernel = Float32Array.from({ length: 27 }, () => random() - 0.5);
      const values = Float32Array.from(
        { length: 81 },
        (_, i) => [1, 1, -1][i % 3] * kernel[Math.floor(i / 3)],
      );
      const correlations = kernelCorrelations({ values, filters: 3 });
      for (const value of correlations) expect(Math.abs(value)).toBeLessThanOrEqual(1);
      expect(correlations[1]).toBeCloseTo(1, 12);
      expect(correlations[2]).toBeCloseTo(-1, 12);
    }
  });
});
