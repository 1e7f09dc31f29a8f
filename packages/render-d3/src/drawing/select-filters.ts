import { InputError } from '@convlens/core';

export interface FilterSelection {
  /** The name of the option, for messages. */
  readonly name: string;
  /** What the caller passed: one filter, a list, or undefined for the default. */
  readonly selected: number | readonly number[] | undefined;
  /** The filters of the record: a list, or a count for 0 to count - 1. */
  readonly available: number | readonly number[];
  /** The default is the first `limit` available filters; default: all. */
  readonly limit?: number;
}

/**
 * The selected filters as a list.
 *
 * @throws InputError if a filter is not available or the list is empty; it lists the available filters.
 */
export function selectFilters({
  name,
  selected,
  available,
  limit = Infinity,
}: FilterSelection): readonly number[] {
  const all = typeof available === 'number' ? Array.from({ length: available }, (_, i) => i) : available;
  const filters = selected === undefined ? all.slice(0, limit) : [selected].flat();
  const missing = filters.find((filter) => !all.includes(filter));
  if (missing === undefined && filters.length) return filters;
  throw new InputError(`Expected ${name} to be ${rangeText(all)}, got ${missing ?? 'none'}`);
}

function rangeText(filters: readonly number[]): string {
  const last = filters.length - 1;
  const isRange = last > 0 && filters.every((filter, i) => filter === i);
  return isRange ? `from 0 to ${last}` : `one of ${filters.join(', ')}`;
}
