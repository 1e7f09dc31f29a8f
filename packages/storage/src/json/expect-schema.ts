import { expectString, expectMethods, InputError } from '@convlens/core';
import { safeParse, type BaseIssue, type GenericSchema } from 'valibot';

type Issue = BaseIssue<unknown>;

/** What is expected, in plain words, by the type of a schema of valibot. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  loose_object: 'an object',
  strict_object: 'an object',
  record: 'an object',
};

/** The longest text and the longest key of a file that a message shows, in characters. */
const MOST_CHARACTERS = 60;

/**
 * A value as its schema describes it.
 *
 * @param schema of valibot. The message of its `custom` and `check` says what is expected, as in "a number from 0 to 1", or
 * is that of a guard (`guarded`).
 * @param location the path of the file, for messages
 * @throws InputError that names `location` and the field if the value is another.
 */
export function expectSchema<T>(value: unknown, schema: GenericSchema<unknown, T>, location: string): T {
  expectMethods('schema', schema, 'a schema of valibot', ['~run']);
  expectString('location', location);
  const { success, output, issues } = safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  throw new InputError(issueMessage(issues[0], location));
}

function issueMessage(issue: Issue, location: string): string {
  const field = fieldPath(issue);
  const last = issue.path?.at(-1);
  if (last?.origin === 'key' && issue.input === undefined)
    return `Expected ${location} to have ${field}, found none`;
  if (issue.message.startsWith('Expected ')) return guardMessage(issue.message, { field, location });
  const words = TYPE_WORDS[issue.type] ?? issue.message;
  const isForwarded = last?.type === 'unknown';
  const got = showJson(isForwarded ? last.value : issue.input);
  return `Expected ${location} to hold ${words}${field && ` as ${field}`}, got ${got}`;
}

/** The message of a guard, "Expected batchSize to be ...", with the file and the path of the field. */
function guardMessage(message: string, { field, location }: { field: string; location: string }): string {
  const [, name, rest] = /^Expected ([\w.[\]]+) (to be .*)$/s.exec(message) ?? [];
  if (name === undefined) return `Expected valid ${field || 'values'} in ${location}: ${message}`;
  return `Expected ${field && `${field}.`}${name} of ${location} ${rest}`;
}

/** The path of a field as in "settings.plateau.factor", "[3].loss" or "versions[\"a b\"]"; "" for the whole file. */
function fieldPath({ path }: Issue): string {
  const parts = (path ?? []).map(({ key }) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_$][\w$]{0,59}$/.test(String(key)) ? `.${String(key)}` : `[${showJson(key)}]`;
  });
  return parts.join('').replace(/^\./, '');
}

function showJson(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}...` : value);
}
