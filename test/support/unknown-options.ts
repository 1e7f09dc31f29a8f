import { describe, expect, it } from 'vitest';

/** A call of a function with a misspelled option, and the option that the message suggests. */
export type MisspelledCall = readonly [
  call: (options: never) => unknown,
  misspelled: string,
  suggestion: string,
];

/** The names of the functions among the exports of a module. */
export const functionNames = (exports: object): string[] =>
  Object.entries(exports).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

/**
 * Tests that every function of `exports` refuses an unknown option and names the nearest. A function that is neither in
 * `calls` nor in `withoutOptions` fails, so that a new one cannot be forgotten.
 */
export function describeUnknownOptions(
  exports: object,
  calls: Readonly<Record<string, MisspelledCall>>,
  withoutOptions: readonly string[],
): void {
  describe('an unknown option is refused', () => {
    it('by every exported function', () => {
      expect(functionNames(exports).sort()).toEqual([...Object.keys(calls), ...withoutOptions].sort());
    });

    it.each(Object.entries(calls))('by %s', async (name, [call, misspelled, suggestion]) => {
      await expect(async () => call({ [misspelled]: 1 } as never)).rejects.toThrow(
        `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${suggestion}?`,
      );
    });
  });
}
