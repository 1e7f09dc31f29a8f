/**
 * What the caller gave cannot be used: an option out of range, a name that does not exist, a file that is not what it
 * should be. Programs tell it from a fault of their own by `error.name === 'InputError'`, which also holds when two
 * copies of this package are loaded.
 */
export class InputError extends RangeError {
  override readonly name = 'InputError';
  /**
   * For programs that can do something about it: 'missing' where a data set is not there, 'unreachable' where it is not and
   * no server gave it.
   */
  readonly code?: 'missing' | 'unreachable';

  constructor(message: string, { code }: Pick<InputError, 'code'> = {}) {
    super(message);
    if (code) this.code = code;
  }
}

/** Whether something that was thrown is an InputError with that code. */
export function isInputError(error: unknown, code: NonNullable<InputError['code']>): boolean {
  const thrown = error as Partial<InputError> | undefined;
  return thrown?.name === 'InputError' && thrown.code === code;
}

const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return String(value);
};

/** Returns `value` if it is an integer within [min, max]; else throws an InputError that names the option. */
export function expectInteger(name: string, value: unknown, { min = 0, max = Infinity } = {}): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Infinity ? `>= ${min}` : `from ${min} to ${max}`;
  throw new InputError(`Expected ${name} to be an integer ${range}, got ${show(value)}`);
}

/** Returns `value` if it is a finite number within [min, max]; else throws an InputError that names the option. */
export function expectNumber(name: string, value: unknown, { min = -Infinity, max = Infinity } = {}): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
  const range =
    min === -Infinity && max === Infinity
      ? ''
      : max === Infinity
        ? ` >= ${min}`
        : min === -Infinity
          ? ` <= ${max}`
          : ` from ${min} to ${max}`;
  throw new InputError(`Expected ${name} to be a number${range}, got ${show(value)}`);
}

/** Returns `value` if it is one of `choices`; else throws an InputError that lists them. */
export function expectOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  throw new InputError(`Expected ${name} to be one of ${choices.join(', ')}, got ${show(value)}`);
}
