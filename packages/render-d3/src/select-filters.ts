import { InputError } from '@convlens/core';

/**
 * `filters` as a list, each of them one of `available`, or below it if that is a number; throws an InputError that lists
 * those there are. Without `filters` the first `most` of them.
 */
export function selectFilters(
  filters: number | readonly number[] | undefined,
  available: number | readonly number[],
  most = Infinity,
): readonly number[] {
  const all = typeof available === 'number' ? Array.from({ length: available }, (_, i) => i) : available;
  const chosen =
    filters === undefined ? all.slice(0, most) : typeof filters === 'number' ? [filters] : filters;
  const missing = chosen.find((filter) => !all.includes(filter));
  if (missing === undefined && chosen.length) return chosen;
  const last = all.length - 1;
  const run = last > 0 && all.every((filter, i) => filter === i);
  const list = run ? `from 0 to ${last}` : `one of ${all.join(', ')}`;
  throw new InputError(`Expected filter to be ${list}, got ${missing ?? 'none'}`);
}
