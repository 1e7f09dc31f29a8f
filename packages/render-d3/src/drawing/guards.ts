import {
  expectRecords,
  expectImages,
  expectInteger,
  InputError,
  type Images,
  type RecordName,
} from '@convlens/core';

/** Throws an InputError if a list is empty, or does not hold records of a kind. */
export function expectNonEmpty(items: ArrayLike<unknown>, noun: string, record?: RecordName): void {
  if (record) expectRecords(record, 'records', items);
  if (!items.length) throw new InputError(`Expected at least one ${noun}, got none`);
}

/** Returns records that come with the images that they are of, if they do. */
export function expectWithImages<T extends { readonly images: Images }>(records: T): T {
  expectImages('images', records?.images);
  return records;
}

/** Returns `value` if it is an integer >= 1; else throws an InputError that names the option. */
export const expectCount = (name: string, value: number): number => expectInteger(name, value, { min: 1 });
