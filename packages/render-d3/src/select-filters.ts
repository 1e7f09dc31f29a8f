import { InputError } from '@convlens/core';

/** `filters` as a list, each of them one of `available`; throws an InputError that lists those there are. */
export function selectFilters(
  filters: number | readonly number[] | undefined,
  { available, fallback = available }: { available: readonly number[]; fallback?: readonly number[] },
): readonly number[] {
  const chosen = filters === undefined ? fallback : typeof filters === 'number' ? [filters] : filters;
  const missing = chosen.find((filter) => !available.includes(filter));
  if (missing === undefined && chosen.length) return chosen;
  const last = available.length - 1;
  const run = last > 0 && available.every((filter, i) => filter === i);
  const list = run ? `from 0 to ${last}` : `one of ${available.join(', ')}`;
  throw new InputError(`Expected filter to be ${list}, got ${missing ?? 'none'}`);
}
