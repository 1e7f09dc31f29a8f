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
});
