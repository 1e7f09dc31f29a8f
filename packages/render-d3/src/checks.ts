import { expectInteger, InputError } from '@convlens/core';

/** Throws an InputError if `items` are not as many as there should be. */
export function expectLength(
  name: string,
  { length }: { readonly length: number },
  expected: number,
  what = 'values',
): void {
  if (length !== expected)
    throw new InputError(`Expected ${name} to hold ${expected} ${what}, got ${length}`);
}

/** Throws an InputError if there are none. */
export function expectSome(items: ArrayLike<unknown>, what: string): void {
  if (!items.length) throw new InputError(`Expected at least one ${what}, got none`);
}

/** An option that counts, from 1. */
export const expectCount = (name: string, value: number): number => expectInteger(name, value, { min: 1 });
