import { indexRange, InputError, type OptionNames, type Reduction } from '@convlens/core';
import type { ObservedLayer } from './observer.js';

export interface FilterOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** The indices of the filters (channels, or units of a dense layer); default 'all'. */
  filters?: readonly number[] | 'all';
  /** How a feature map becomes one number; default 'mean'. */
  reduction?: Reduction;
}

export const FILTER_OPTIONS: OptionNames<FilterOptions> = { layer: true, filters: true, reduction: true };

/**
 * The indices of the filters.
 *
 * @throws InputError if the layer does not have one of them.
 */
export function expectFilters(
  filters: readonly number[] | 'all',
  { name, channels }: ObservedLayer,
): number[] {
  if (filters === 'all') return [...indexRange(channels)];
  if (!Array.isArray(filters))
    throw new InputError(`Expected filters to be 'all' or a list of indices, got ${String(filters)}`);
  const wrong = filters.find((filter) => !Number.isInteger(filter) || filter < 0 || filter >= channels);
  if (wrong !== undefined)
    throw new InputError(
      `Expected filters to be integers from 0 to ${channels - 1}, as layer ${name} has, got ${wrong}`,
    );
  return [...filters];
}
