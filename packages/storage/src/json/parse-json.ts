import { expectString, expectBytes, InputError } from '@convlens/core';

/** Topologies of models inside models are the deepest JSON that is read; each model adds four levels. */
const MOST_LEVELS = 200;

/**
 * The value of JSON in UTF-8. The type is not checked (`expectSchema`).
 *
 * @param location the path of the file, for messages
 * @throws InputError that names `location` if the bytes are not JSON, if values are nested in more than 200 levels, or if
 * a key is `__proto__`, which would change an object in place of being one of its fields.
 */
export function parseJson(bytes: Uint8Array, location: string): unknown {
  expectBytes('bytes', bytes);
  expectString('location', location);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'its bytes are not text in UTF-8';
    throw new InputError(`Expected ${location} to be JSON: ${reason}`);
  }
  expectPlainNesting(value, location);
  return value;
}

/** Level by level: a recursive walk would overflow the stack. */
function expectPlainNesting(value: unknown, location: string): void {
  let level: object[] = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_LEVELS)
      throw new InputError(`Expected ${location} to nest values in at most ${MOST_LEVELS} levels, got more`);
    if (level.some((container) => Object.hasOwn(container, '__proto__')))
      throw new InputError(`Expected ${location} to have no key "__proto__", got one: remove it`);
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
