import { InputError } from './input-error.js';
import { showValue } from './show-value.js';

/** The smallest and the largest allowed number. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** Returns `value` if it is an integer within [min, max]; else throws an InputError that names the option. */
export function expectInteger(name: string, value: unknown, range: NumberRange = {}): number {
  const { min = 0, max = Infinity } = range ?? {};
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const text = max === Infinity ? `>= ${min}` : `from ${min} to ${max}`;
  throw new InputError(`Expected ${name} to be an integer ${text}, got ${showValue(value)}`);
}

/** Returns `value` if it is a finite number within [min, max]; else throws an InputError that names the option. */
export function expectNumber(name: string, value: unknown, range: NumberRange = {}): number {
  const { min = -Infinity, max = Infinity } = range ?? {};
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
  throw new InputError(`Expected ${name} to be a number${rangeText(min, max)}, got ${showValue(value)}`);
}

/** Returns `value` if it is a number, NaN and infinities included; else throws an InputError that names the argument. */
export function expectAnyNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new InputError(`Expected ${name} to be a number, got ${showValue(value)}`);
}

function rangeText(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` >= ${min}`;
  return max < Infinity ? ` <= ${max}` : '';
}

/** Returns `value` if it is true or false; else throws an InputError that names the option. */
export function expectBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError(`Expected ${name} to be true or false, got ${showValue(value)}`);
}

/** Returns `value` if it is one of `choices`; else throws an InputError that lists them. */
export function expectOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  expectList('choices', choices);
  if (choices.includes(value as T)) return value as T;
  throw new InputError(`Expected ${name} to be one of ${choices.join(', ')}, got ${showValue(value)}`);
}

/** Returns `value` if it is a string; else throws an InputError that names the argument. */
export function expectString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new InputError(`Expected ${name} to be a string, got ${showValue(value)}`);
}

/** Throws an InputError that names the argument if `value` is not a function. */
export function expectFunction(name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new InputError(`Expected ${name} to be a function, got ${showValue(value)}`);
}

/** Throws an InputError that names the argument if `value` is not an object: null and arrays are none. */
export function expectObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`Expected ${name} to be an object, got ${showValue(value)}`);
}

/**
 * Throws an InputError if `value` is not an array, or if `expectItem` throws for one of its items. For short lists, such as
 * those of names, layers or steps.
 */
export function expectList(
  name: string,
  value: unknown,
  expectItem?: (name: string, item: unknown) => unknown,
): void {
  if (!Array.isArray(value)) throw new InputError(`Expected ${name} to be an array, got ${showValue(value)}`);
  if (expectItem) value.forEach((item, i) => expectItem(`${name}[${i}]`, item));
}

/** Throws an InputError if `value` is neither an array nor a typed array. Its values are not looked at. */
export function expectNumbers(name: string, value: unknown): void {
  if (!Array.isArray(value) && !isTypedArray(value))
    throw new InputError(`Expected ${name} to be an array of numbers, got ${showValue(value)}`);
}

/** Throws an InputError if the length of a list is not the expected one. */
export function expectLength(
  name: string,
  values: { readonly length: number },
  expected: number,
  noun = 'values',
): void {
  expectAnyNumber('expected', expected);
  const { length } = values ?? {};
  if (length !== expected)
    throw new InputError(`Expected ${name} to hold ${expected} ${noun}, got ${length}`);
}

/** Throws an InputError that names the argument if `value` is not a Uint8Array. */
export function expectBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array) && Object.prototype.toString.call(value) !== '[object Uint8Array]')
    throw new InputError(`Expected ${name} to be bytes (a Uint8Array), got ${showValue(value)}`);
}

/** Throws an InputError if `value` cannot be iterated by `for await`. A string cannot: its characters are never wanted. */
export function expectIterable(name: string, value: unknown): void {
  const isIterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
  if (!isIterable) throw new InputError(`Expected ${name} to be iterable, got ${showValue(value)}`);
}

/**
 * Throws an InputError if `value` lacks one of some methods.
 *
 * @param kind what it should be, for the message: "a store, such as folderStore returns"
 */
export function expectMethods(name: string, value: unknown, kind: string, methods: readonly string[]): void {
  expectList('methods', methods, expectString);
  const isComplete =
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
  if (!isComplete) throw new InputError(`Expected ${name} to be ${kind}, got ${showValue(value)}`);
}

/** Whether a value is a typed array of numbers. */
export const isTypedArray = (value: unknown): boolean =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);
