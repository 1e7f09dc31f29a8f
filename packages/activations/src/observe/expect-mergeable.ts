import { InputError } from '@convlens/core';

/**
 * Throws an InputError with the descriptions of both records unless they are equal.
 *
 * @param expected a noun for the message, such as "statistics of the same layer"
 * @param describe the parts of a record that must be equal, as text
 */
export function expectMergeable<T>(
  expected: string,
  records: readonly [T, T],
  describe: (record: T) => string,
): void {
  const [a, b] = records.map(describe);
  if (a !== b) throw new InputError(`Expected ${expected}, got ${a} and ${b}`);
}
