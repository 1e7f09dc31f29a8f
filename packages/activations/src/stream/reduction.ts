import * as tf from '@tensorflow/tfjs';
import { expectOneOf, InputError } from '@convlens/core';
import type { ObservedLayer } from './observe.js';

/** How a map becomes one number: its mean or its largest value. */
export type Reduction = 'mean' | 'max';

export interface FilterOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** Which filters (channels, or units of a dense layer); default 'all'. */
  filters?: readonly number[] | 'all';
  /** How a map becomes one number; default 'mean'. */
  reduction?: Reduction;
}

export const expectReduction = (reduction: Reduction) =>
  expectOneOf('reduction', reduction, ['mean', 'max'] as const);

/** The filters that are meant; an InputError if the layer does not have one of them. */
export function expectFilters(
  filters: readonly number[] | 'all',
  { name, channels }: ObservedLayer,
): number[] {
  if (filters === 'all') return Array.from({ length: channels }, (_, i) => i);
  if (!Array.isArray(filters))
    throw new InputError(`Expected filters to be 'all' or a list of indices, got ${String(filters)}`);
  const wrong = filters.find((filter) => !Number.isInteger(filter) || filter < 0 || filter >= channels);
  if (wrong !== undefined)
    throw new InputError(
      `Expected filters to be integers from 0 to ${channels - 1}, as layer ${name} has, got ${wrong}`,
    );
  return [...filters];
}

/** Each map as one number, images x channels, read back from the backend. */
export async function reduceMaps(maps: tf.Tensor4D, reduction: Reduction): Promise<Float32Array> {
  const result = reduction === 'mean' ? tf.mean(maps, [1, 2]) : tf.max(maps, [1, 2]);
  try {
    return (await result.data()) as Float32Array;
  } finally {
    result.dispose();
  }
}
