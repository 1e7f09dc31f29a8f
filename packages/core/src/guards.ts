/**
 * The caller passed something that cannot be used: an option out of range, a name that does not exist, a malformed file.
 * Programs distinguish it from other errors by `error.name === 'InputError'` (see `isInputError`), which also holds when
 * two copies of this package are loaded.
 */
export class InputError extends RangeError {
  override readonly name = 'InputError';
  /**
   * For programs that can react: 'missing' if a data set does not exist, 'unreachable' if it does not exist and no server
   * sent it, 'unwritable' if a file cannot be written, 'locked' if another program writes the folder, 'foreign' if a file
   * would be replaced that this software did not write, 'unknown-layer' if the class of a layer is not registered,
   * 'keras-3' if a model folder holds a model of Keras 3.
   */
  readonly code?:
    'missing' | 'unreachable' | 'unwritable' | 'locked' | 'foreign' | 'unknown-layer' | 'keras-3';

  constructor(message: string, { code }: Pick<InputError, 'code'> = {}) {
    super(message);
    if (code) this.code = code;
  }
}

/** Whether `error` is an InputError, of any copy of this package; with `code`, one with that code. */
export function isInputError(error: unknown, code?: InputError['code']): error is InputError {
  const { name, code: actual } = (error ?? {}) as Partial<InputError>;
  return name === 'InputError' && (code === undefined || actual === code);
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
  throw new InputError(`Expected ${name} to be a number${rangeText(min, max)}, got ${show(value)}`);
}

function rangeText(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` >= ${min}`;
  return max < Infinity ? ` <= ${max}` : '';
}

/** Returns `value` if it is true or false; else throws an InputError that names the option. */
export function expectBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError(`Expected ${name} to be true or false, got ${show(value)}`);
}

/** Returns `value` if it is one of `choices`; else throws an InputError that lists them. */
export function expectOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  throw new InputError(`Expected ${name} to be one of ${choices.join(', ')}, got ${show(value)}`);
}
