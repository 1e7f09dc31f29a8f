import { expectBoolean, expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';

/** The type and range of one option of a step. An optional one may be left out. */
export type OptionSpec = { readonly optional?: boolean } & (
  | { readonly type: 'number' | 'integer' | 'numbers'; readonly min?: number; readonly max?: number }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'boolean' }
);

export type OptionSchema = Readonly<Record<string, OptionSpec>>;

/** The range of an option in words, for messages. */
export function describeRange(option: OptionSpec): string {
  if (option.type === 'boolean') return 'true or false';
  if (option.type === 'choice') return `one of ${option.choices.join(', ')}`;
  const { type, min = -Infinity, max = Infinity } = option;
  const noun = { number: 'a number', integer: 'an integer', numbers: 'numbers' }[type];
  if (max < Infinity) return `${noun} from ${min} to ${max}`;
  return min > -Infinity ? `${noun} >= ${min}` : noun;
}

/** Throws an InputError that names the option, its range and its value. */
export function expectOption(name: string, value: unknown, option: OptionSpec): void {
  if (option.type === 'number') expectNumber(name, value, option);
  else if (option.type === 'integer') expectInteger(name, value, { min: -Infinity, ...option });
  else if (option.type === 'choice') expectOneOf(name, value, option.choices);
  else if (option.type === 'boolean') expectBoolean(name, value);
  else {
    if (!Array.isArray(value) || value.length === 0)
      throw new InputError(
        `Expected ${name} to be an array of ${describeRange(option)}, got ${String(value)}`,
      );
    value.forEach((element, i) => expectNumber(`${name}[${i}]`, element, option));
  }
}

/**
 * Throws an InputError if a field of `value` is unknown, missing or out of range. `kind` is always allowed.
 */
export function expectFields(name: string, value: object, schema: OptionSchema): void {
  const names = Object.keys(schema);
  for (const field of Object.keys(value))
    if (field !== 'kind' && !names.includes(field))
      throw new InputError(
        `Expected ${name} to have ${names.length ? `only ${names.join(', ')}` : 'no options'}, got ${field}`,
      );
  for (const field of names) {
    const fieldValue = (value as Record<string, unknown>)[field];
    if (fieldValue !== undefined || !schema[field].optional)
      expectOption(`${name}.${field}`, fieldValue, schema[field]);
  }
}
