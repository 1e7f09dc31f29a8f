import { showValue, expectInteger, InputError } from '@convlens/core';

/** Throws an InputError if the length of a list is not the expected one. */
export function expectLength(
  name: string,
  { length }: { readonly length: number },
  expected: number,
  noun = 'values',
): void {
  if (length !== expected)
    throw new InputError(`Expected ${name} to hold ${expected} ${noun}, got ${length}`);
}

/** Throws an InputError if a list is empty. */
export function expectNonEmpty(items: ArrayLike<unknown>, noun: string): void {
  if (!items.length) throw new InputError(`Expected at least one ${noun}, got none`);
}

/** Throws an InputError if a value is not an element of a document, such as the one that a figure returns. */
export function expectElement(name: string, value: unknown): void {
  const { localName, ownerDocument } = (value ?? {}) as Partial<Element>;
  if (typeof localName !== 'string' || !ownerDocument)
    throw new InputError(`Expected ${name} to be an element of a document, got ${showValue(value)}`);
}

/** Returns `value` if it is an integer >= 1; else throws an InputError that names the option. */
export const expectCount = (name: string, value: number): number => expectInteger(name, value, { min: 1 });
