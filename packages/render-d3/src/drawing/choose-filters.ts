import { expectInteger } from '@convlens/core';
import { selectFilters } from './select-filters.js';

/** The filters that a grid shows: a list, in this order; all of them; or the strongest ones, the strongest first. */
export type FilterChoice = readonly number[] | 'all' | { readonly top: number };

/** The most tiles of a grid without a choice. */
export const MAX_GRID_FILTERS = 64;

interface ChosenFilters {
  readonly filters: readonly number[];
  /** How many of how many, to begin a sentence: "8", "3 of 512", "The first 64 of 512", "The 32 strongest of 512". */
  readonly text: string;
}

/**
 * The filters of a grid. Without a choice these are all, but no more than the first 64.
 *
 * @param strengthOf what filters are ranked by, of equal ones the lower first
 * @throws InputError if a filter is not available, or a list is empty
 */
export function chooseFilters(
  selected: FilterChoice | undefined,
  { available, strengthOf }: { available: number; strengthOf: (filter: number) => number },
): ChosenFilters {
  if (selected === undefined && available > MAX_GRID_FILTERS)
    return {
      filters: selectFilters({ name: 'filters', selected: undefined, available, limit: MAX_GRID_FILTERS }),
      text: `The first ${MAX_GRID_FILTERS} of ${available}`,
    };
  if (typeof selected === 'object' && 'top' in selected) {
    const filters = strongestFilters(expectInteger('filters.top', selected.top, { min: 1 }), {
      available,
      strengthOf,
    });
    return { filters, text: `The ${filters.length} strongest of ${available}` };
  }
  const list = selected === 'all' ? undefined : selected;
  const filters = selectFilters({ name: 'filters', selected: list, available });
  return {
    filters,
    text: filters.length === available ? `${available}` : `${filters.length} of ${available}`,
  };
}

function strongestFilters(
  count: number,
  { available, strengthOf }: { available: number; strengthOf: (filter: number) => number },
): number[] {
  const strengths = Array.from({ length: available }, (_, filter) => strengthOf(filter));
  // A strength that is not a number comes last.
  const rank = (filter: number) => (Number.isNaN(strengths[filter]) ? -Infinity : strengths[filter]);
  return strengths
    .map((_, filter) => filter)
    .sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)))
    .slice(0, count);
}

/** The mean magnitude of values. */
export function meanMagnitude(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
  return sum / values.length;
}
