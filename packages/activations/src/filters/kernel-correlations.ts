import { expectFields } from '@convlens/core';
import type { FilterBank } from '@convlens/core';
import { pairwise } from './pairwise.js';

/** The kernel of each filter with mean 0 and length 1: the dot product of two is their correlation. */
function standardizedKernels({ values, filters }: Pick<FilterBank, 'values' | 'filters'>): Float64Array[] {
  const size = values.length / filters;
  return Array.from({ length: filters }, (_, filter) => {
    const kernel = Float64Array.from({ length: size }, (_, i) => values[i * filters + filter]);
    const mean = kernel.reduce((sum, value) => sum + value, 0) / size;
    const length = Math.sqrt(kernel.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    return kernel.map((value) => (value - mean) / length);
  });
}

/** The dot product, within -1 to 1 in spite of rounding. */
function correlation(a: Float64Array, b: Float64Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i] * b[i];
  return Math.min(1, Math.max(-1, product));
}

/**
 * Pearson's correlation of the kernels of all pairs of filters, filters x filters; NaN for a constant kernel.
 */
export function kernelCorrelations(bank: Pick<FilterBank, 'values' | 'filters'>): Float64Array {
  expectFields('FilterBank', 'bank', bank, { values: 'numbers', filters: 'number' });
  return pairwise(standardizedKernels(bank), correlation);
}
