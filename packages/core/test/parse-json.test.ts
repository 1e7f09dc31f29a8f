import { describe, expect, it } from 'vitest';
import { InputError, parseJson } from '../src/index.js';

const parse = (text: string) => parseJson(text, { name: 'a.json' });
const nested = (levels: number, [open, close] = ['[', ']']) => open.repeat(levels) + close.repeat(levels);

describe('parseJson', () => {
  it.each(['{"a":[1,{"b":null}]}', '"[[["', '"\\"[["', '[]', 'null', '{"\\\\":"["}', nested(256)])(
    'reads %s as JSON.parse does',
    (text) => expect(parse(text)).toEqual(JSON.parse(text)),
  );

  it('counts levels, not brackets', () => {
    const wide = `[${Array.from({ length: 1000 }, () => '[]').join()}]`;
    expect(parse(wide)).toEqual(JSON.parse(wide));
    expect(parse(JSON.stringify('['.repeat(1000)))).toBe('['.repeat(1000));
  });

  it.each([nested(257), nested(10_000), nested(5_000, ['{"a":[', ']}']), nested(1_000_000), '['.repeat(300)])(
    'refuses a text that nests deeper than 256',
    (text) => {
      const message = 'Expected a.json to nest arrays and objects at most 256 deep, got more';
      expect(() => parse(text)).toThrow(new InputError(message));
    },
  );

  it('refuses what is not JSON, without the control characters of the text in the message', () => {
    expect(() => parse('')).toThrow(/^Expected a\.json to be JSON: /);
    expect(() => parse('{"a":\u001b[2J}')).toThrow(/^Expected a\.json to be JSON: [^\u001b]*$/);
  });

  it('passes each value to the reviver', () => {
    const reviver = (_: string, value: unknown) => (value === 'x' ? NaN : value);
    expect(parseJson('{"a":["x"]}', { name: 'a.json', reviver })).toEqual({ a: [NaN] });
  });
});
