import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { expectInteger, InputError } from '@convlens/core';
import {
  closedObject,
  dictionary,
  distinctTexts,
  expectSchema,
  finiteNumber,
  guarded,
  integer,
  list,
  memoryStore,
  metric,
  oneOf,
  openObject,
  parseJson,
  readJson,
  writeText,
} from '../src/index.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseJson(bytesOf(text), 'a.json');

describe('parseJson', () => {
  it('reads every value that JSON has', () => {
    const value = { a: [1, -2.5e3, null, true, 'größer\u2028'], b: { constructor: {}, toString: 1 } };
    expect(parse(JSON.stringify(value))).toEqual(value);
    expect([parse('5'), parse('null'), parse('""'), parse('\ufeff[]')]).toEqual([5, null, '', []]);
  });

  it.each(['', '{ "a":', '{"a": NaN}', '[1,]', "{'a': 1}", '1e', '{"a": 1} x'])(
    'names a file that is not JSON: %j',
    (text) => expect(() => parse(text)).toThrow(/^Expected a\.json to be JSON: ./),
  );

  it('names a file that is not text in UTF-8', () => {
    const bytes = bytesOf('{"a": "xyz"}');
    bytes[8] = 0xff;
    expect(() => parseJson(bytes, 'a.json')).toThrow(
      'Expected a.json to be JSON: its bytes are not text in UTF-8',
    );
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('reads 200 levels of %s and refuses more, up to a million', (_, open, close) => {
    const nested = (levels: number) =>
      open.repeat(levels - 1) + (open === '[' ? '[]' : '{}') + close.repeat(levels - 1);
    expect(() => parse(nested(200))).not.toThrow();
    const refusal = 'Expected a.json to nest values in at most 200 levels, got more';
    for (const levels of [201, 10_000, 1_000_000]) expect(() => parse(nested(levels))).toThrow(refusal);
  });

  it.each(['{"__proto__": {}}', '[{"a": {"__proto__": 1}}]', '{"a": 1, "\\u005f_proto__": []}'])(
    'refuses a key that would change an object: %s',
    (text) =>
      expect(() => parse(text)).toThrow('Expected a.json to have no key "__proto__", got one: remove it'),
  );
});

const SCHEMA = openObject({
  name: v.string(),
  count: integer({ min: 1 }),
  fraction: v.optional(finiteNumber({ min: 0, max: 1 })),
  plateau: v.optional(v.nullable(openObject({ factor: finiteNumber() }))),
  losses: v.optional(list(metric())),
  versions: v.optional(dictionary(v.string())),
  classNames: v.optional(distinctTexts({ min: 2 })),
  kind: v.optional(oneOf(['a', 'b'])),
  isDone: v.optional(v.boolean()),
});
const VALID = { name: 'x', count: 2 };

describe('expectSchema', () => {
  const check = (fields: object) => expectSchema({ ...VALID, ...fields }, SCHEMA, 'runs/1/a.json');

  it('returns the value, with the fields of later versions, and NaN where a metric is null', () => {
    const value = { ...VALID, fraction: 1, plateau: null, versions: { node: '20' }, later: { a: [1] } };
    expect(check(value)).toEqual(value);
    expect(check({ losses: [1, null, -1] }).losses).toEqual([1, NaN, -1]);
  });

  it('keeps the order of the fields', () => {
    const value = { later: 1, count: 2, other: { z: 1 }, versions: { b: '1', a: '2' }, name: 'x' };
    expect(JSON.stringify(expectSchema(value, SCHEMA, 'a.json'))).toBe(JSON.stringify(value));
  });

  it.each<[object, string]>([
    [{ count: -5 }, 'an integer >= 1 as count, got -5'],
    [{ count: 1e300 }, 'an integer >= 1 as count, got 1e+300'],
    [{ count: '2' }, 'an integer >= 1 as count, got "2"'],
    [{ name: null }, 'a text as name, got null'],
    [{ name: ['a', 'b'] }, 'a text as name, got a list of 2'],
    [{ fraction: 1.5 }, 'a number from 0 to 1 as fraction, got 1.5'],
    [{ fraction: Infinity }, 'a number from 0 to 1 as fraction, got Infinity'],
    [{ plateau: [] }, 'an object as plateau, got a list of 0'],
    [{ plateau: { factor: {} } }, 'a number as plateau.factor, got an object'],
    [{ losses: [1, 2, 'NaN'] }, 'a number or null as losses[2], got "NaN"'],
    [{ losses: {} }, 'a list as losses, got an object'],
    [{ versions: { 'a b': 5 } }, 'a text as versions["a b"], got 5'],
    [{ versions: [] }, 'an object as versions, got a list of 0'],
    [{ classNames: ['a', 'b', 'a'] }, 'texts that differ from each other as classNames, got a list of 3'],
    [{ classNames: [] }, 'at least 2 texts as classNames, got a list of 0'],
    [{ kind: 'c' }, 'one of a, b as kind, got "c"'],
    [{ isDone: 0 }, 'true or false as isDone, got 0'],
    [{ name: 5 }, 'a text as name, got 5'],
  ])('names the file, the field and what is expected: %j', (fields, words) =>
    expect(() => check(fields)).toThrow(new InputError(`Expected runs/1/a.json to hold ${words}`)),
  );

  it('names a missing field, also a deep one, and a value that is no object', () => {
    const missing = (value: unknown) => () => expectSchema(value, SCHEMA, 'a.json');
    expect(missing({ count: 1 })).toThrow(new InputError('Expected a.json to have name, found none'));
    expect(missing({ ...VALID, plateau: {} })).toThrow('Expected a.json to have plateau.factor, found none');
    expect(missing([])).toThrow(new InputError('Expected a.json to hold an object, got a list of 0'));
    expect(missing(null)).toThrow(new InputError('Expected a.json to hold an object, got null'));
  });

  it('refuses a name that a closed object does not have, and says which is nearest', () => {
    const schema = openObject({
      settings: closedObject({ batchSize: integer(), seed: v.optional(integer()) }),
    });
    const read = (settings: object) => () => expectSchema({ settings, later: 1 }, schema, 'a.json');
    expect(read({ batchSize: 1 })()).toEqual({ settings: { batchSize: 1 }, later: 1 });
    expect(read({ batchsize: 1 })).toThrow(
      new InputError(
        'Expected a.json to hold one of the fields batchSize, seed (did you mean batchSize?) as settings, got "batchsize"',
      ),
    );
    expect(read({ batchSize: 1, momentum: 1 })).toThrow(
      'one of the fields batchSize, seed as settings, got "momentum"',
    );
    expect(read([1])).toThrow('an object as settings, got a list of 1');
    expect(read({ seed: 1 })).toThrow('Expected a.json to have settings.batchSize, found none');
  });

  it('takes over the message of a guard, with the file and the path of the field', () => {
    const expectPositive = ({ count }: { count: number }) => void expectInteger('count', count, { min: 1 });
    const expectWhole = () => {
      throw new InputError('Expected a schedule, got "x"');
    };
    const read = (guard: typeof expectPositive) => () => {
      const settings = v.pipe(openObject({ count: v.number() }), guarded(guard));
      return expectSchema({ settings: { count: 0 } }, openObject({ settings }), 'a.json');
    };
    expect(read(expectPositive)).toThrow(
      new InputError('Expected settings.count of a.json to be an integer >= 1, got 0'),
    );
    expect(read(expectWhole)).toThrow('Expected valid settings in a.json: Expected a schedule, got "x"');
    const other = new TypeError('a fault of the guard');
    expect(
      read(() => {
        throw other;
      }),
    ).toThrow(other);
  });

  it('names the field that a check is forwarded to, with its value', () => {
    const isSquare = ({ names, rows }: { names: readonly string[]; rows: readonly number[] }) =>
      rows.length === names.length;
    const check = v.check<{ names: readonly string[]; rows: readonly number[] }, string>(isSquare, '2 rows');
    const schema = v.pipe(
      openObject({ names: list(v.string()), rows: list(integer()) }),
      v.forward(check, ['rows']),
    );
    expect(() => expectSchema({ names: ['a', 'b'], rows: [1] }, schema, 'a.json')).toThrow(
      new InputError('Expected a.json to hold 2 rows as rows, got a list of 1'),
    );
  });

  it('shortens long texts and keys of a file', () => {
    const long = 'x'.repeat(1000);
    expect(() => check({ kind: long })).toThrow(`got "${'x'.repeat(60)}..."`);
    expect(() => check({ kind: 'x'.repeat(60) })).toThrow(`got "${'x'.repeat(60)}"`);
    expect(() => check({ versions: { [long]: 1 } })).toThrow(`versions["${'x'.repeat(60)}..."]`);
  });
});

it('readJson applies a schema to a file of a store', async () => {
  const store = memoryStore();
  await writeText(store, 'a.json', '{"name": "x", "count": 0}');
  expect(await readJson(store, 'missing.json', SCHEMA)).toBeUndefined();
  expect(await readJson(store, 'a.json')).toEqual({ name: 'x', count: 0 });
  await expect(readJson(store, 'a.json', SCHEMA)).rejects.toThrow(
    'Expected memory/a.json to hold an integer >= 1 as count, got 0',
  );
});
