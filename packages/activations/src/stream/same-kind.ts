import { InputError } from '@convlens/core';

/** Throws an InputError that shows both unless the two records agree in everything that `describe` says of them. */
export function expectSameKind<T>(
  what: string,
  records: readonly [T, T],
  describe: (record: T) => string,
): void {
  const [a, b] = records.map(describe);
  if (a !== b) throw new InputError(`Expected ${what}, got ${a} and ${b}`);
}
