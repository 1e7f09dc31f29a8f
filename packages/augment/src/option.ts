import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';

/** What one option of a step may be. An optional one may be left out. */
export type Option = { readonly optional?: boolean } & (
  | { readonly type: 'number' | 'integer' | 'numbers'; readonly min?: number; readonly max?: number }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'boolean' }
);

export type Options = Readonly<Record<string, Option>>;

/** The range of an option in words, for messages. */
export function rangeOf(option: Option): string {
  if (option.type === 'boolean') return 'true or false';
  if (option.type === 'choice') return `one of ${option.choices.join(', ')}`;
  const { type, min = -Infinity, max = Infinity } = option;
  const noun = { number: 'a number', integer: 'an integer', numbers: 'numbers' }[type];
  if (max < Infinity) return `${noun} from ${min} to ${max}`;
  return min > -Infinity ? `${noun} >= ${min}` : noun;
}

/** Throws an InputError that names the option, its range and its value. */
export function expectOption(name: string, value: unknown, option: Option): void {
  if (option.type === 'number') expectNumber(name, value, option);
  else if (option.type === 'integer') expectInteger(name, value, { min: -Infinity, ...option });
  else if (option.type === 'choice') expectOneOf(name, value, option.choices);
  else if (option.type === 'boolean') expectBoolean(name, value);
  else {
    if (!Array.isArray(value) || value.length === 0)
      throw new InputError(`Expected ${name} to be an array of ${rangeOf(option)}, got ${String(value)}`);
    value.forEach((one, i) => expectNumber(`${name}[${i}]`, one, option));
  }
}

export function expectBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean')
    throw new InputError(`Expected ${name} to be true or false, got ${String(value)}`);
}

/** Throws an InputError on a field that there is not, is missing or is out of range. `kind` is always there. */
export function expectOptions(name: string, value: object, options: Options): void {
  const names = Object.keys(options);
  for (const field of Object.keys(value))
    if (field !== 'kind' && !names.includes(field))
      throw new InputError(
        `Expected ${name} to have ${names.length ? `only ${names.join(', ')}` : 'no options'}, got ${field}`,
      );
  for (const field of names) {
    const given = (value as Record<string, unknown>)[field];
    if (given !== undefined || !options[field].optional)
      expectOption(`${name}.${field}`, given, options[field]);
  }
}
