import {
  expectFunction,
  expectList,
  expectMethods,
  expectObject,
  expectOptions,
  formatCount,
  isInputError,
  nearestName,
  type CallbackState,
  type NumberRange,
} from '@convlens/core';
import * as v from 'valibot';

/*
 * The parts that the schemas of files share. What they accept is what JSON can hold: valibot's own `object` and `record`
 * accept lists too. Schemas are made when they are
 * needed, by functions, so that bundlers leave out those that a program does not use.
 */

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of an argument that is a schema are seen by the compiler; a caller without one sees this message. */
function expectValibot(name: string, value: unknown): void {
  expectMethods(name, value, 'a schema of valibot', ['~run']);
}

function expectRange(range: NumberRange): NumberRange {
  expectOptions('range', range, { min: true, max: true });
  return range;
}

const anyObject = () => v.custom<object>(isObject, 'an object');

/** An object schema that refuses lists and, with `isClosed`, fields of other names. */
function objectSchema<const Entries extends v.ObjectEntries>(
  entries: Entries,
  { isClosed }: { isClosed: boolean },
): v.ObjectSchema<Entries, undefined> {
  expectObject('entries', entries);
  const schema = v.looseObject(entries);
  const names = Object.keys(entries);
  const run: (typeof schema)['~run'] = (dataset, config) => {
    const { value } = dataset;
    if (!isObject(value)) return anyObject()['~run'](dataset, config) as never;
    const unknown = isClosed && Object.keys(value as object).find((name) => !names.includes(name));
    if (typeof unknown !== 'string') return inOrderOf(value as object, schema['~run'](dataset, config));
    const nearest = nearestName(unknown, names);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    const known = v.custom<object>(() => false, `one of the fields ${names.join(', ')}${hint}`);
    return known['~run']({ ...dataset, value: unknown }, config) as never;
  };
  return { ...schema, '~run': run } as unknown as v.ObjectSchema<Entries, undefined>;
}

/** A result with its fields in the order of the file, so that a file that is written again changes only where it should. */
function inOrderOf<Result extends { value: unknown }>(input: object, result: Result): Result {
  const { value } = result;
  if (!isObject(value)) return result;
  const names = [
    ...Object.keys(input).filter((name) => Object.hasOwn(value as object, name)),
    ...Object.keys(value as object),
  ];
  result.value = Object.fromEntries(names.map((name) => [name, (value as Record<string, unknown>)[name]]));
  return result;
}

/**
 * An object with these fields. Fields of other names are kept, since a later version may have written them; the type has
 * only those that are named.
 */
export const openObject = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  objectSchema(entries, { isClosed: false });

/** An object with these fields and no others: a misspelled name is refused, with the nearest one. */
export const closedObject = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  objectSchema(entries, { isClosed: true });

/** An object with any names, each with a value of one kind. */
export function dictionary<Output>(
  value: v.GenericSchema<unknown, Output>,
): v.GenericSchema<unknown, Readonly<Record<string, Output>>> {
  expectValibot('value', value);
  return v.pipe(anyObject(), v.record(v.string(), value), v.readonly()) as never;
}

/** One of some texts. */
export function oneOf<const Choice extends string>(
  choices: readonly Choice[],
): v.GenericSchema<unknown, Choice> {
  expectList('choices', choices);
  return v.picklist(choices, `one of ${choices.join(', ')}`);
}

/**
 * What a guard of core accepts, for `v.pipe`: its InputError becomes the error of the file.
 *
 * @param guard throws an InputError for a value that it does not accept
 */
export function guarded<Value>(guard: (value: Value) => void) {
  expectFunction('guard', guard);
  return v.rawCheck<Value>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      guard(dataset.value);
    } catch (error) {
      if (!isInputError(error)) throw error;
      addIssue({ message: error.message });
    }
  });
}

/** A list that is not changed. */
export function list<Output>(
  item: v.GenericSchema<unknown, Output>,
): v.GenericSchema<unknown, readonly Output[]> {
  expectValibot('item', item);
  return v.pipe(v.array(item), v.readonly());
}

/** A number that is neither NaN nor infinite. */
export function finiteNumber(range: NumberRange = {}): v.GenericSchema<unknown, number> {
  const { min = -Infinity, max = Infinity } = expectRange(range);
  return v.custom<number>(
    (value) => typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max,
    `a number${rangeWords(min, max)}`,
  );
}

/** An integer that a number holds exactly. */
export function integer(range: NumberRange = {}): v.GenericSchema<unknown, number> {
  const { min = 0, max = Infinity } = expectRange(range);
  return v.custom<number>(
    (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    `an integer${rangeWords(min, max)}`,
  );
}

/** A number, or NaN where the file has null: JSON has no NaN and no infinity, and a diverged training has both. */
export const metric = (): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.custom<number | null>((value) => value === null || typeof value === 'number', 'a number or null'),
    v.transform((value) => value ?? NaN),
  );

/** Different texts, such as the names of classes. */
export function distinctTexts(
  range: Pick<NumberRange, 'min'> = {},
): v.GenericSchema<unknown, readonly string[]> {
  const { min = 0 } = expectRange(range);
  return v.pipe(
    v.array(v.string()),
    v.minLength(min, `at least ${formatCount(min, 'text')}`),
    v.check((texts) => new Set(texts).size === texts.length, 'texts that differ from each other'),
    v.readonly(),
  );
}

/** An array of numbers that `resolveArrays` made. */
export const floatArray = () => v.instance(Float32Array, 'an array of numbers');

const STATE_TYPES = ['number', 'string', 'boolean'];

/** The state of a callback, after `resolveArrays`. */
export const callbackState = (): v.GenericSchema<unknown, CallbackState> =>
  dictionary(
    v.custom<CallbackState[string]>(
      (value) => value === null || STATE_TYPES.includes(typeof value) || value instanceof Float32Array,
      'a number, a text, true, false, null or an array of numbers',
    ),
  );

function rangeWords(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` >= ${min}`;
  return max < Infinity ? ` <= ${max}` : '';
}
