import { InputError } from './input-error.js';
import { showValue } from './show-value.js';
import { expectObject, expectString, isTypedArray } from './values.js';

/** What a field holds. 'numbers' is a typed array. */
export type FieldKind = 'number' | 'string' | 'boolean' | 'list' | 'numbers' | 'object' | 'function';

const isOfKind = (value: unknown, kind: FieldKind): boolean => {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'numbers') return isTypedArray(value);
  return typeof value === kind && value !== null;
};

/**
 * Throws an InputError if a value lacks fields.
 *
 * @param kind what it should be, for the message: "RunSettings"
 * @param fields the fields that it must have, and what they hold
 */
export function expectFields(
  kind: string,
  name: string,
  value: unknown,
  fields: Readonly<Record<string, FieldKind>>,
): void {
  expectString('kind', kind);
  expectObject('fields', fields);
  const wrong =
    typeof value === 'object' && value !== null
      ? Object.keys(fields).find(
          (field) => !isOfKind((value as Record<string, unknown>)[field], fields[field]),
        )
      : undefined;
  if (wrong === undefined && typeof value === 'object' && value !== null) return;
  const field = wrong === undefined ? '' : ` with ${wrong} (${fields[wrong]})`;
  throw new InputError(`Expected ${name} to be ${article(kind)} ${kind}${field}, got ${showValue(value)}`);
}

const article = (word: string) => (/^[AEIOU]/.test(word) ? 'an' : 'a');
